/* Reads, prepares everything that can fail, and only then commits. */
#include "control/reload.h"

#include "base/buffer.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/problem.h"
#include "config/difference.h"
#include "config/settings.h"
#include "control/access_carry.h"
#include "control/announce.h"
#include "control/certificate_store.h"
#include "control/control_parts.h"
#include "control/drift.h"
#include "control/housekeeping.h"
#include "control/limits.h"
#include "control/steer_frontend.h"
#include "worker/worker.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct settings *reload_read(const struct control_origin *origin,
                             struct problems *problems)
{
    if (origin->path)
        return settings_read(origin->path, problems);
    return settings_read_text(origin->name, origin->text, problems);
}

static struct generation *first_not_replaced(struct control *control)
{
    list_each(link, &control->leaving) {
        struct generation *generation = list_object(link, struct generation, link);

        if (!generation->is_replaced)
            return generation;
    }
    return NULL;
}

/* The workers know the next generation: none begins a session under the one before. This
 * is heard in the order of the reloads. Without sessions it goes at once: a second of
 * reloads is a lot of generations. */
static void note_replaced(void *owner)
{
    struct control *control = owner;
    struct generation *generation = first_not_replaced(control);

    ensure(generation);
    generation->is_replaced = true;
    if (!control->is_stopping)
        housekeeping_sweep_generations(control);
}

bool reload_log(struct control *control, const struct global_settings *global,
                struct problems *problems)
{
    if (!control->log || strcmp(control->log, global->log) != 0) {
        if (!log_open(global->log, problems))
            return false;
        free(control->log);
        control->log = memory_copy_text(global->log);
    }
    log_set_style(&(struct log_style){ .format = (enum log_format)global->log_format,
                                       .syslog = (enum log_syslog)global->log_syslog,
                                       .facility = global->log_facility });
    log_set_level(global->log_level);
    return true;
}

static void set_busy_poll(struct worker *worker, void *job)
{
    worker_set_busy_poll(worker, job != NULL);
}

static void keep_awake(struct control *control, const struct settings *settings)
{
    bool is_on = settings->global.busy_poll;

    team_tell(control->team, set_busy_poll, NULL, (void *)(uintptr_t)is_on);
}

static bool prepare(struct control *control, struct generation *next,
                    struct problems *problems)
{
    if (!doors_prepare(control->doors, next, problems))
        return false;
    if (reload_log(control, &next->settings->global, problems) &&
        (!control->on_reload ||
         control->on_reload(control->reload_owner, next->settings, problems)))
        return true;
    doors_refuse(control->doors);
    if (control->generation)
        (void)reload_log(control, &control->generation->settings->global, problems);
    return false;
}

/* What was changed by hand goes along, or is forgotten, as the file wants it. */
static void settle_changes(struct control *control, struct generation *next)
{
    if (control->generation) {
        access_carry(control->generation, next);
        steer_frontend_settle(control->generation, next);
    }
    certificate_store_forget(&control->certificates);
}

/* Rotations first: a session must find its backend ready. */
static void commit(struct control *control, struct generation *next)
{
    struct generation *old = control->generation;

    next->number = old ? old->number + 1 : 1;
    settle_changes(control, next);
    control->generation = next;
    upkeep_apply(control->upkeep, next);
    upkeep_publish(control->upkeep);
    if (old)
        list_append(&control->leaving, &old->link);
    doors_commit(control->doors, old ? note_replaced : NULL, control);
    if (old)
        limits_apply(control, next->settings);
    keep_awake(control, next->settings);
}

bool reload_commit(struct control *control, struct settings *settings,
                   struct problems *problems)
{
    struct generation *next = generation_build(settings, control->registry,
                                               control->workers, problems);

    if (!next)
        return false;
    if (!prepare(control, next, problems)) {
        generation_destroy(next);
        return false;
    }
    commit(control, next);
    return true;
}

static bool try_to_apply(struct control *control, struct problems *problems,
                         struct buffer *changes)
{
    const struct settings *old = control->generation->settings;
    struct settings *settings;

    if (control->is_stopping) {
        problem_add(problems, "usher is stopping");
        return false;
    }
    settings = reload_read(&control->origin, problems);
    if (!settings)
        return false;
    if (difference_in_fixed(old, settings, problems)) {
        settings_destroy(settings);
        return false;
    }
    difference_write(old, settings, changes);
    return reload_commit(control, settings, problems);
}

static void report_refusal(const struct control *control, const struct problems *problems,
                           struct buffer *report)
{
    buffer_format(report, "refused: %zu problem%s; generation %u goes on\n",
                  problems_count(problems), problems_count(problems) == 1 ? "" : "s",
                  control->generation->number);
    problems_write(problems, report);
    log_warning("reload refused; the present configuration goes on: %s",
                buffer_text(report));
}

static void log_lines(const char *event, const char *changes)
{
    while (*changes) {
        int length = (int)strcspn(changes, "\n");

        log_notice("reload %s%.*s", event, length, changes);
        changes += length + (changes[length] == '\n');
    }
}

static void count(struct control *control, bool is_applied)
{
    control->was_refused = !is_applied;
    if (!is_applied) {
        control->reloads_refused++;
        return;
    }
    control->reloads_applied++;
    control->reloaded_at = (uint64_t)time(NULL);
}

/* What came of it, for those who asked and for the log. */
struct outcome {
    struct problems *problems;
    struct buffer changes; /* in the file */
    struct buffer fates;   /* of what was changed at runtime */
};

static void report_success(const struct control *control, const struct outcome *outcome,
                           struct buffer *report)
{
    unsigned number = control->generation->number;

    buffer_format(report, "applied: generation %u\n%s%s", number,
                  buffer_text(&outcome->changes), buffer_text(&outcome->fates));
    problems_write(outcome->problems, report);
    log_notice("reload applied  generation=%u", number);
    log_lines("changed: ", buffer_text(&outcome->changes));
    log_lines("", buffer_text(&outcome->fates));
    problems_log(outcome->problems);
}

static bool apply(struct control *control, struct outcome *outcome)
{
    struct buffer before = { 0 }, after = { 0 };
    bool is_applied;

    drift_write(control, &before);
    is_applied = try_to_apply(control, outcome->problems, &outcome->changes);
    drift_write(control, &after);
    drift_write_fate(buffer_text(&before), buffer_text(&after), &outcome->fates);
    buffer_deinit(&after);
    buffer_deinit(&before);
    return is_applied;
}

bool reload_apply(struct control *control, struct buffer *report)
{
    struct outcome outcome = { .problems = problems_create() };
    bool is_applied;

    announce_reload(control);
    is_applied = apply(control, &outcome);
    announce_reloaded(control, is_applied);
    count(control, is_applied);
    if (is_applied)
        report_success(control, &outcome, report);
    else
        report_refusal(control, outcome.problems, report);
    buffer_deinit(&outcome.fates);
    buffer_deinit(&outcome.changes);
    problems_destroy(outcome.problems);
    return is_applied;
}
