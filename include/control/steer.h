/* What an administrator may change of a server. Main only. `by` says who, for the log.
 *
 * When a function returns, sessions to come already heed the change. */
#pragma once

struct control;
struct server;

/* Bits of enum server_will; 0 is ready. */
void steer_will(struct control *control, struct server *server, unsigned will,
                const char *by);
void steer_weight(struct control *control, struct server *server, unsigned weight,
                  const char *by);
