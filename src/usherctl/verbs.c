#include "usherctl/verbs.h"

#include "usherctl/act.h"
#include "usherctl/inspect.h"
#include "usherctl/live.h"
#include "usherctl/vacate.h"

#include <stdint.h>
#include <string.h>

static const struct verb verbs[] = {
    { "status", "", "show frontends, backends and servers", inspect_status, 0, 0, false },
    { "top", "", "watch them, and drain or stop servers", live_run, 0, 0, false },
    { "drain", "BACKEND[/SERVER]", "no new sessions; present ones finish", vacate_run, 1,
      1, true },
    { "ready", "BACKEND[/SERVER]", "serve again", act_ready, 1, 1, true },
    { "maint", "BACKEND/SERVER", "no sessions, no checks", act_maint, 1, 1, true },
    { "reload", "", "let usher read its configuration again", act_reload, 0, 0, false },
    { "history", "BACKEND/SERVER", "show its last changes, and who made them",
      act_history, 1, 1, true },
    { "why", "BACKEND/SERVER", "why it gets traffic now, or does not", act_why, 1, 1,
      true },
    { "COMMAND", "...", "a command of usher's own, such as show info; see usherctl help",
      act_command, 1, SIZE_MAX, false },
};

enum { VERBS = sizeof verbs / sizeof *verbs };

const struct verb *verbs_at(size_t index)
{
    return index < VERBS ? &verbs[index] : NULL;
}

const struct verb *verbs_find(const char *name)
{
    for (size_t i = 0; i + 1 < VERBS; i++)
        if (!strcmp(verbs[i].name, name))
            return &verbs[i];
    return &verbs[VERBS - 1];
}
