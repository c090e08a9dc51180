/* What an administrator may change of a frontend. Main only. `by` says who, for the log.
 *
 * A pause and a limit stay with the frontend's name over reloads, the limit until the
 * file has another maxconn. One that was shut down listens again after a reload, if the
 * file still has it: nothing but its listening is at an end. Sessions go on in any case.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct control;
struct entrance;
struct generation;

/* Paused, connecting to it is refused; its addresses stay ours. */
void steer_frontend_pause(struct control *control, struct entrance *entrance,
                          bool is_paused, const char *by);
/* Gives its addresses back. */
void steer_frontend_shut(struct control *control, struct entrance *entrance,
                         const char *by);
/* 0 lets nobody in. */
void steer_frontend_maxconn(struct control *control, struct entrance *entrance,
                            uint32_t maxconn, const char *by);

/* For a reload: what of this is over. */
void steer_frontend_settle(const struct generation *old, const struct generation *next);
