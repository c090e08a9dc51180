/* Looks at the backends whose servers are members of an ensemble, and tells what becomes
 * of it. Main only. Private to the control folder. */
#pragma once

struct backend;
struct check;
struct verdict;

/* Once a second: what is new is logged. */
void ensemble_watch(struct backend *backend);
/* A verdict of any check: a leader that was replaced and does not know is down. */
void ensemble_watch_verdict(struct check *check, struct verdict *verdict);
/* The backend is not looked at any more. */
void ensemble_watch_end(struct backend *backend);
