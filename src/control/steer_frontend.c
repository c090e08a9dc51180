#include "control/steer_frontend.h"

#include "base/log.h"
#include "control/control_parts.h"
#include "proxy/entrance.h"
#include "proxy/frontend.h"

#include <inttypes.h>

void steer_frontend_pause(struct control *control, struct entrance *entrance,
                          bool is_paused, const char *by)
{
    log_notice("frontend %s is %s  frontend=%s by=\"%s\"", entrance->name,
               is_paused ? "disabled" : "enabled", entrance->name, by);
    entrance->is_paused = is_paused;
    doors_review(control->doors);
}

void steer_frontend_shut(struct control *control, struct entrance *entrance,
                         const char *by)
{
    log_notice("frontend %s is shut down  frontend=%s by=\"%s\"", entrance->name,
               entrance->name, by);
    entrance->is_shut = true;
    doors_shut(control->doors, entrance);
}

void steer_frontend_maxconn(struct control *control, struct entrance *entrance,
                            uint32_t maxconn, const char *by)
{
    (void)control;
    log_notice("frontend %s has a new limit  maxconn=%" PRIu32 " frontend=%s by=\"%s\"",
               entrance->name, maxconn, entrance->name, by);
    entrance_set_limit(entrance, maxconn);
}

static void settle(const struct generation *old, const struct frontend *next)
{
    next->entrance->is_shut = false;
    for (size_t i = 0; i < old->frontend_count; i++)
        if (old->frontends[i].entrance == next->entrance &&
            old->frontends[i].settings->maxconn != next->settings->maxconn)
            entrance_lift_limit(next->entrance);
}

void steer_frontend_settle(const struct generation *old, const struct generation *next)
{
    for (size_t i = 0; i < next->frontend_count; i++)
        settle(old, &next->frontends[i]);
}
