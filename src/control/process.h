/* What usher asks of the system for itself: descriptors, identity, a pid file. Private to
 * the control folder. Main only, before workers run. */
#pragma once

#include <stdbool.h>

struct global_settings;
struct settings;
struct problems;

/* Raises the descriptor limit as far as it goes; returns it. */
unsigned process_raise_descriptors(void);
/* Sessions that so many descriptors allow beside usher's own. */
unsigned process_sessions_for(unsigned descriptors, unsigned own);
/* Pipes that each worker may use. */
unsigned process_pipes_for(unsigned descriptors, unsigned workers);
/* The same, or fewer if the settings say so; warns when they say more. */
unsigned process_limit_sessions(const struct settings *settings, unsigned descriptors,
                                unsigned workers);
/* CPUs that this process may use; at least 1. */
unsigned process_cpus(void);

/* Becomes the user and group of the settings, if any; cannot be undone. */
bool process_become(const struct global_settings *settings, struct problems *problems);

/* A problem when it cannot be written. NULL is fine. */
bool process_write_pid(const char *path, struct problems *problems);
void process_remove_pid(const char *path);
