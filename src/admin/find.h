/* What a client names: by name, or by `#` and the id. Main only. */
#pragma once

struct backend;
struct backend_settings;
struct control;
struct reply;
struct server;

/* One that the present configuration has; NULL for none. */
struct backend *find_backend(const struct control *control, const char *name);
/* "backend/server". NULL, and the refusal said, for none. */
struct server *find_server(const struct control *control, const char *path,
                           struct reply *reply);
