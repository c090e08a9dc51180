/* What an administrator may change of a server. Main only. `by` says who, for the log.
 *
 * When a function returns, sessions to come already heed the change. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct control;
struct server;

/* "ready", "drain" or "maint". */
const char *steer_will_name(unsigned will);

/* Bits of enum server_will; 0 is ready. */
void steer_will(struct control *control, struct server *server, unsigned will,
                const char *by);
void steer_weight(struct control *control, struct server *server, unsigned weight,
                  const char *by);

/* 0: no limit. A reload keeps it, like a weight, until the file has another one. */
void steer_maxconn(struct control *control, struct server *server, unsigned maxconn,
                   const char *by);

/* What a probe would find, until probes find otherwise; without a check, until it is
 * said otherwise. Stopping: no new sessions, but nothing is held against it. Not of one
 * that tracks another. */
enum steer_health { STEER_UP, STEER_STOPPING, STEER_DOWN };
void steer_health(struct control *control, struct server *server,
                  enum steer_health health, const char *by);
/* Of a server that has a check: to be asked or not. */
void steer_check(struct control *control, struct server *server, bool is_enabled,
                 const char *by);

/* Ends a share of a server's sessions, spread over a time, so that they move. Returns how
 * many, 0 when it is being done already or there are none. */
struct shedding {
    unsigned percent;
    uint64_t over_ms;
};
uint64_t steer_shed(struct control *control, struct server *server,
                    const struct shedding *shedding, const char *by);

/* No new sessions. Those that are there may end by themselves, or are ended evenly over a
 * time, idle ones first, until none is left. What an earlier drain wanted is not wanted
 * any more; nor is any of it when the server is made ready. */
struct draining {
    bool ends_sessions;
    uint64_t over_ms; /* 0: at once */
};
void steer_drain(struct control *control, struct server *server,
                 const struct draining *draining, const char *by);

/* Of a server that has an agent: to be heard or not; or the same as if it had said so. */
void steer_agent(struct control *control, struct server *server, bool is_enabled,
                 const char *by);
void steer_agent_word(struct control *control, struct server *server, bool is_down,
                      const char *by);
