/* Compares what two readings say of a backend's checks. */
#include "health/check_settings.h"

#include "backend/backend_settings.h"
#include "health/probe_kind.h"

#include <string.h>

static bool is_same_text(const char *one, const char *other)
{
    return one && other ? !strcmp(one, other) : one == other;
}

static bool is_same_http(const struct http_settings *one,
                         const struct http_settings *other)
{
    return is_same_text(one->method, other->method) &&
           is_same_text(one->path, other->path) && is_same_text(one->host, other->host) &&
           is_same_text(one->statuses.text, other->statuses.text) &&
           is_same_text(one->body, other->body);
}

static bool are_same_steps(const struct check_settings *one,
                           const struct check_settings *other)
{
    if (one->step_count != other->step_count)
        return false;
    for (size_t i = 0; i < one->step_count; i++)
        if (!is_same_text(one->steps[i].text, other->steps[i].text))
            return false;
    return true;
}

static bool is_same_zookeeper(const struct zookeeper_settings *one,
                              const struct zookeeper_settings *other)
{
    return one->role == other->role && one->max_outstanding == other->max_outstanding &&
           one->standalone_is_good == other->standalone_is_good &&
           one->read_only_is_good == other->read_only_is_good;
}

static bool is_same_question(const struct check_settings *one,
                             const struct check_settings *other)
{
    return one->choice.kind == other->choice.kind &&
           is_same_http(&one->http, &other->http) && are_same_steps(one, other) &&
           is_same_text(one->user, other->user) &&
           is_same_text(one->command, other->command) &&
           is_same_zookeeper(&one->zookeeper, &other->zookeeper);
}

static bool is_same_pace(const struct check_settings *one,
                         const struct check_settings *other)
{
    return one->interval_ms == other->interval_ms &&
           one->changing_interval_ms == other->changing_interval_ms &&
           one->down_interval_ms == other->down_interval_ms &&
           one->timeout_ms == other->timeout_ms && one->rise == other->rise &&
           one->fall == other->fall;
}

static bool are_same_sources(const struct check_settings *one,
                             const struct check_settings *other)
{
    if (one->source_count != other->source_count)
        return false;
    for (size_t i = 0; i < one->source_count; i++)
        if (!address_is_equal(&one->sources[i].address, &other->sources[i].address))
            return false;
    return true;
}

static bool is_same_place(const struct check_address *one,
                          const struct check_address *other)
{
    return one->text && other->text ? address_is_equal(&one->address, &other->address)
                                    : !one->text == !other->text;
}

/* Each generation has connectors of its own; the next probe takes the new one. */
static bool is_same_way(const struct check_settings *one,
                        const struct check_settings *other)
{
    return !one->connector == !other->connector && one->send_proxy == other->send_proxy &&
           are_same_sources(one, other) && one->port == other->port &&
           is_same_place(&one->address, &other->address);
}

bool check_settings_speak_tls(const struct check_settings *settings, bool sessions_do)
{
    const struct probe_kind *kind = settings->choice.kind;

    if (!kind || kind->runs_program)
        return false;
    if (kind->needs_tls || settings->tls != CHECK_TLS_SAME)
        return kind->needs_tls || settings->tls == CHECK_TLS_YES;
    return sessions_do;
}

bool check_settings_ask_same(const struct check_settings *one,
                             const struct check_settings *other)
{
    return is_same_question(one, other) && is_same_way(one, other);
}

bool check_settings_are_same(const struct check_settings *one,
                             const struct check_settings *other)
{
    return check_settings_ask_same(one, other) && is_same_pace(one, other);
}
