/* Asks one server again and again, and tells main when the answer has changed. */
#include "health/check.h"

#include "backend/backend.h"
#include "backend/server_set.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "health/tally.h"

#include <ev.h>
#include <stdio.h>
#include <stdlib.h>

/* Failed connects may come by the thousand; probes on their account do not. */
enum { HURRY_LEAST_MS = 50 };

struct check {
    struct check_settings settings;
    check_changed *on_change;
    void *owner;
    struct tally tally;
    bool is_paused, has_begun, has_verdict;
    bool is_on_trial; /* up without a verdict: one failure is enough */
    struct verdict last;
    uint64_t last_ms, failures;
    size_t source_turn;
    uint64_t began_at; /* the last probe, or the try to send one */
    struct random random;
    ev_timer due;          /* the next probe */
    struct probe *probe;   /* owned; NULL when none is under way */
    struct ev_loop *loop;  /* borrowed */
    struct server *server; /* borrowed */
};

static const char *const health_names[] = { "unknown", "up", "down" };

static bool is_active(const struct check *check)
{
    return check->has_begun && !check->is_paused && check->settings.choice.kind;
}

static uint64_t present_interval(const struct check *check)
{
    const struct check_settings *settings = &check->settings;

    if (!check->has_verdict)
        return settings->interval_ms;
    if (tally_is_changing(&check->tally))
        return settings->changing_interval_ms;
    return tally_is_up(&check->tally) ? settings->interval_ms
                                      : settings->down_interval_ms;
}

/* Ten percent more or less keep checks from falling into step. */
static uint64_t spread_out(struct check *check, uint64_t interval_ms)
{
    uint32_t range = (uint32_t)(interval_ms / 5 < UINT32_MAX ? interval_ms / 5
                                                             : UINT32_MAX);

    return range ? interval_ms - range / 2 + random_below(&check->random, range)
                 : interval_ms;
}

static void start_timer(struct check *check, uint64_t after_ms)
{
    ev_timer_stop(check->loop, &check->due);
    ev_timer_set(&check->due, (double)after_ms / 1e3, 0.);
    ev_timer_start(check->loop, &check->due);
}

/* What is left of `interval_ms` since the last probe began. */
static uint64_t time_left(const struct check *check, uint64_t interval_ms)
{
    uint64_t spent_ms = clock_ms() - check->began_at;

    return spent_ms < interval_ms ? interval_ms - spent_ms : 0;
}

static void schedule_next(struct check *check)
{
    if (is_active(check))
        start_timer(check, time_left(check, spread_out(check, present_interval(check))));
}

/* "Connection refused (3 of 3)": real failures count like probes. */
static const char *explain_fall(const struct check *check, char *text, size_t size)
{
    unsigned fall = check->tally.fall;

    if (!check->has_verdict || check->is_on_trial)
        return check->last.why;
    (void)snprintf(text, size, "%s (%u of %u)", check->last.why, fall, fall);
    return text;
}

/* True when the server's health was another; says so in one line. "" is no reason. */
static bool change_health(struct check *check, enum health health, const char *why)
{
    const struct server *server = check->server;
    const char *backend = server->backend->name;
    enum health was = server->health;
    bool is_up = health == HEALTH_UP;
    const char *verb = was == HEALTH_UNKNOWN ? "is" : is_up ? "came" : "went";

    if (!server_set_health(check->server, health))
        return false;
    log_write(is_up ? LEVEL_NOTICE : LEVEL_WARNING,
              "server %s/%s %s %s%s%s  was=%s health=%u/%u server=%s/%s", backend,
              server->name, verb, health_names[health], *why ? ": " : "", why,
              health_names[was], check->tally.health, tally_most(&check->tally), backend,
              server->name);
    return true;
}

/* The first verdict settles the matter, later ones have to insist. */
static bool count(struct check *check, bool has_passed)
{
    if (check->has_verdict)
        return tally_note(&check->tally, has_passed);
    tally_settle(&check->tally, has_passed);
    return true;
}

/* True when main has to hear of it. */
static bool take_effect(struct check *check, bool has_crossed)
{
    bool is_news = !check->has_verdict;
    char why[sizeof check->last.why + 32];

    if (has_crossed && tally_is_up(&check->tally))
        is_news |= change_health(check, HEALTH_UP, "");
    else if (has_crossed)
        is_news |= change_health(check, HEALTH_DOWN,
                                 explain_fall(check, why, sizeof why));
    check->has_verdict = true;
    check->is_on_trial = false;
    return is_news;
}

/* The owner is called last: it may do as it likes with the check. */
static void on_verdict(void *owner, const struct verdict *verdict, uint64_t took_ms)
{
    struct check *check = owner;
    bool has_passed = verdict->outcome == OUTCOME_PASSED, is_news = false;

    check->probe = NULL;
    check->last = *verdict;
    check->last_ms = took_ms;
    if (verdict->outcome == OUTCOME_FAILED && check->server->health == HEALTH_UP)
        check->failures++;
    if (verdict->outcome != OUTCOME_NEUTRAL)
        is_news = take_effect(check, count(check, has_passed));
    schedule_next(check);
    if (is_news)
        check->on_change(check, check->owner);
}

/* Each probe from the next source that is of the server's kind. */
static const struct address *next_source(struct check *check, const struct address *where)
{
    const struct check_settings *settings = &check->settings;

    for (size_t i = 0; where && i < settings->source_count; i++) {
        size_t next = check->source_turn++ % settings->source_count;
        const struct address *source = &settings->sources[next].address;

        if (source->as.any.sa_family == where->as.any.sa_family)
            return source;
    }
    return NULL;
}

static void send_probe(struct check *check)
{
    struct probe_request request = {
        .settings = &check->settings,
        .host = server_host(check->server),
        .worker = check->server->backend->workers,
        .address = server_address(check->server),
        .on_end = on_verdict,
        .owner = check,
    };

    ensure(!check->probe);
    request.source = next_source(check, request.address);
    ev_timer_stop(check->loop, &check->due);
    check->began_at = clock_ms();
    if (request.address)
        check->probe = probe_begin(check->loop, &request);
    else
        schedule_next(check);
}

static void on_due(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)loop, (void)events;
    send_probe(timer->data);
}

struct check *check_create(struct ev_loop *loop, struct server *server,
                           check_changed *on_change, void *owner)
{
    struct check *check = memory_new(sizeof *check);

    check->loop = loop;
    check->server = server;
    check->on_change = on_change;
    check->owner = owner;
    check->last.result = RESULT_STARTING;
    random_init(&check->random);
    ev_timer_init(&check->due, on_due, 0., 0.);
    check->due.data = check;
    return check;
}

static void stop(struct check *check)
{
    ev_timer_stop(check->loop, &check->due);
    probe_cancel(check->probe);
    check->probe = NULL;
}

void check_destroy(struct check *check)
{
    if (!check)
        return;
    stop(check);
    free(check);
}

/* What is due sooner than that stays due, however often the file is read again. */
static void start_sooner(struct check *check, uint64_t after_ms)
{
    bool is_due = ev_is_active(&check->due);

    if (check->probe)
        return;
    if (!is_due || ev_timer_remaining(check->loop, &check->due) * 1e3 > (double)after_ms)
        start_timer(check, after_ms);
}

static void start_within(struct check *check, uint64_t spread_ms)
{
    uint32_t range = (uint32_t)(spread_ms < UINT32_MAX ? spread_ms : UINT32_MAX);

    start_sooner(check, range ? random_below(&check->random, range) : 0);
}

static void take_settings(struct check *check, const struct check_settings *settings)
{
    if (check->settings.choice.kind != settings->choice.kind)
        stop(check);
    check->settings = *settings;
    if (!check->has_begun)
        check->tally = (struct tally){ .rise = (unsigned)settings->rise,
                                       .fall = (unsigned)settings->fall };
    else
        tally_rescale(&check->tally, (unsigned)settings->rise, (unsigned)settings->fall);
    check->has_begun = true;
}

void check_begin(struct check *check, const struct check_settings *settings,
                 uint64_t spread_ms)
{
    take_settings(check, settings);
    if (is_active(check))
        start_within(check, spread_ms);
}

void check_pause(struct check *check)
{
    check->is_paused = true;
    stop(check);
}

static void put_on_trial(struct check *check, const char *why)
{
    tally_put_on_trial(&check->tally);
    check->is_on_trial = true;
    (void)change_health(check, HEALTH_UP, why);
}

void check_resume(struct check *check)
{
    if (!check->is_paused)
        return;
    check->is_paused = false;
    if (!is_active(check))
        return;
    check->has_verdict = true;
    put_on_trial(check, "out of maintenance");
    start_within(check, 0);
}

/* At once, unless a probe is under way or has just been sent. */
static void hurry(struct check *check)
{
    uint64_t pause_ms = check->settings.changing_interval_ms / 4;

    start_sooner(check,
                 time_left(check, pause_ms > HURRY_LEAST_MS ? pause_ms : HURRY_LEAST_MS));
}

static bool count_failures(struct check *check, unsigned times)
{
    for (unsigned i = 0; i < times; i++)
        if (count(check, false))
            return true;
    return false;
}

void check_note_failures(struct check *check, unsigned times, const char *why)
{
    bool is_down = check->has_verdict && !tally_is_up(&check->tally), is_news;

    if (!is_active(check) || is_down || !times)
        return;
    check->last = (struct verdict){ .outcome = OUTCOME_FAILED,
                                    .result = RESULT_CONNECT_FAILED };
    (void)snprintf(check->last.why, sizeof check->last.why, "%s", why);
    is_news = take_effect(check, count_failures(check, times));
    hurry(check);
    if (is_news)
        check->on_change(check, check->owner);
}

void check_assume_up(struct check *check)
{
    if (!is_active(check) || check->has_verdict)
        return;
    put_on_trial(check, "no verdict came in time");
}

struct check_report check_report(const struct check *check)
{
    return (struct check_report){
        .settings = &check->settings,
        .health = check->tally.health,
        .is_paused = check->is_paused,
        .is_asking = check->probe,
        .has_verdict = check->has_verdict,
        .last = check->last,
        .last_ms = check->last_ms,
        .failures = check->failures,
    };
}

struct server *check_server(const struct check *check)
{
    return check->server;
}
