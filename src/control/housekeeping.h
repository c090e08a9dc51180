/* What main does by itself, between what it is told. Private to the control folder. */
#pragma once

struct control;
struct server;

/* Makes its watchers, without which no worker may run. */
void housekeeping_begin(struct control *control);
/* The first generation is there: checks have begun, doors open when they are settled. */
void housekeeping_start(struct control *control);
void housekeeping_end(struct control *control);
/* Parts with generations that have no guests any more. */
void housekeeping_sweep_generations(struct control *control);

/* Any thread: a connect to this server failed. `owner` is the control. */
void housekeeping_note_failed_connect(void *owner, struct server *server);
void housekeeping_note_suspicion(void *owner, struct server *server);
