/* Keeps the agents of the living servers in step with the settings. Private to the
 * control folder. */
#pragma once

struct check_settings;
struct ev_loop;
struct server;
struct server_settings;

/* What the file says of one server, as the file is read again. */
struct agents_wish {
    const struct server_settings *server;
    const struct check_settings *check; /* of its backend */
};

/* Begins, goes on or ends. */
void agents_tend(struct ev_loop *loop, struct server *server, struct agents_wish wish);
void agents_end(struct server *server);
