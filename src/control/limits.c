/* Each worker is told how many sessions there may be; how fast they may come, all of them
 * read in one place. */
#include "control/limits.h"

#include "base/log.h"
#include "control/control_parts.h"
#include "control/process.h"
#include "worker/worker.h"

#include <stdint.h>

static void set_maxconn(struct worker *worker, void *job)
{
    worker_set_maxconn(worker, (unsigned)(uintptr_t)job);
}

static void tell_workers(struct control *control)
{
    team_tell(control->team, set_maxconn, NULL, (void *)(uintptr_t)control->maxconn);
}

bool limits_set_sessions(struct control *control, unsigned maxconn, const char *by)
{
    unsigned next = maxconn ? maxconn : control->most_maxconn;

    if (next > control->most_maxconn)
        return false;
    if (next == control->maxconn)
        return true;
    log_notice("maxconn is set  maxconn=%u was=%u by=\"%s\"", next, control->maxconn, by);
    control->maxconn = next;
    tell_workers(control);
    return true;
}

void limits_apply(struct control *control, const struct settings *settings)
{
    unsigned most = process_limit_sessions(settings, control->descriptors,
                                           control->workers);

    if (most != control->most_maxconn || control->maxconn > most)
        control->maxconn = most;
    control->most_maxconn = most;
    tell_workers(control);
}

void limits_set_rate(struct control *control, enum throttle_kind kind, unsigned most,
                     const char *by)
{
    static const char *const names[THROTTLE_KINDS] = { "connections", "sessions",
                                                       "ssl-sessions" };

    log_notice("the rate of %s is limited  most=%u was=%u by=\"%s\"", names[kind], most,
               throttle_most(&control->throttle, kind), by);
    throttle_set(&control->throttle, kind, most);
}

unsigned limits_rate(const struct control *control, enum throttle_kind kind)
{
    return throttle_most(&control->throttle, kind);
}
