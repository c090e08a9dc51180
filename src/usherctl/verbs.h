/* The commands of usherctl: one table, of which help, completion and manual are printed.
 * All other words are a command of usher's own. */
#pragma once

#include "usherctl/invocation.h"
#include "usherctl/outcome.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum outcome verb_run(const struct invocation *invocation);

struct verb {
    const char *name;
    const char *arguments; /* "BACKEND/SERVER" */
    const char *help;
    verb_run *run;
    size_t least, most; /* arguments */
    bool wants_server;  /* as its first argument, or nothing that can be completed */
};

/* NULL behind the last one. The last one stands for usher's own commands. */
const struct verb *verbs_at(size_t index);
/* Never NULL: usher's own when there is no other of the name. */
const struct verb *verbs_find(const char *name);
