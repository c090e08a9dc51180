/* Better said when the file is read than found out when a server is down. */
#include "config/running.h"

#include "config/document.h"
#include "config/settings.h"
#include "health/probe.h"
#include "health/program.h"

#include <string.h>

static void check_command(const struct place place, const char *key, const char *command,
                          struct problems *problems)
{
    const char *wrong = program_check(command);

    if (wrong)
        problem_add_at(problems, place, "%s = %s: %s", key, command, wrong);
}

static bool is_run(const struct check_settings *check)
{
    return check->choice.kind && check->command &&
           !strcmp(probe_kind_name(check->choice.kind), "exec");
}

static void check_backend(const struct settings *settings, size_t index,
                          struct problems *problems)
{
    const struct check_settings *check = &settings->checks[index];
    const char *name = settings->backends[index].name;

    if (!is_run(check))
        return;
    if (settings->global.exec_checks)
        check_command(document_place(settings->document, "backend", name,
                                     "check-command"),
                      "check-command", check->command, problems);
    else
        problem_add_at(
            problems, document_place(settings->document, "backend", name, "check"),
            "check = %s: runs a program: needs `exec-checks = yes` in [global]",
            check->choice.word);
}

void running_check(const struct settings *settings, struct problems *problems)
{
    const char *notify = settings->global.notify;

    for (size_t i = 0; i < settings->backend_count; i++)
        check_backend(settings, i, problems);
    if (notify && settings->global.exec_checks)
        check_command(document_place(settings->document, "global", NULL, "notify"),
                      "notify", notify, problems);
}
