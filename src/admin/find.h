/* What a client names: by name, or by `#` and the id. Main only. */
#pragma once

struct backend;
struct control;
struct entrance;
struct reply;
struct server;

/* One that the present configuration has; NULL for none. */
struct backend *find_backend(const struct control *control, const char *name);
/* Of "backend/server", and where the server's name begins. NULL, and the refusal said. */
struct backend *find_backend_of(const struct control *control, const char *path,
                                struct reply *reply, const char **name);
/* NULL, and the refusal said, for none, or for no name. */
struct entrance *find_entrance(const struct control *control, const char *name,
                               struct reply *reply);
/* "backend/server". NULL, and the refusal said, for none. */
struct server *find_server(const struct control *control, const char *path,
                           struct reply *reply);
