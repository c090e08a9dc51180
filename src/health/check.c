/* Asks one server again and again, and tells main when the answer has changed. */
#include "health/check.h"

#include "backend/backend.h"
#include "backend/history.h"
#include "backend/server_set.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/random.h"
#include "health/bulletin.h"
#include "health/cadence.h"
#include "health/check_place.h"
#include "health/tally.h"
#include "health/verdict.h"

#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Failed connects may come by the thousand; probes on their account do not. */
enum { HURRY_LEAST_MS = 50 };

struct check {
    ev_timer due;                    /* the next probe */
    struct probe_gate_ticket ticket; /* for it */
    struct probe *probe;             /* owned; NULL when none is under way */
    uint64_t began_at;               /* the last probe, or the try to send one */
    struct tally tally;
    bool is_paused, has_begun, has_verdict;
    bool is_on_trial; /* up without a verdict: one failure is enough */
    bool is_unwell;   /* as it said itself, when it told last */
    struct random random;
    struct verdict last;
    uint64_t last_ms, failures;
    uint64_t heard_at;  /* the last verdict */
    uint64_t complaint; /* hash of what was warned of last; 0: nothing */
    size_t source_turn;
    struct bulletin bulletin;
    struct check_settings settings;
    struct check_care *care; /* borrowed, as the next */
    struct server *server;
};

static bool is_active(const struct check *check)
{
    return check->has_begun && !check->is_paused && !check->server->override.is_unasked &&
           check->settings.choice.kind;
}

static void start_timer(struct check *check, uint64_t after_ms)
{
    ev_timer_stop(check->care->loop, &check->due);
    ev_timer_set(&check->due, (double)after_ms / 1e3, 0.);
    ev_timer_start(check->care->loop, &check->due);
}

/* What is left of `interval_ms` since the last probe began. */
static uint64_t time_left(const struct check *check, uint64_t interval_ms)
{
    uint64_t spent_ms = clock_ms() - check->began_at;

    return spent_ms < interval_ms ? interval_ms - spent_ms : 0;
}

static void schedule_next(struct check *check)
{
    uint64_t interval_ms = cadence_interval(&check->settings, &check->tally,
                                            check->has_verdict);

    if (is_active(check))
        start_timer(check, time_left(check, cadence_spread(interval_ms, &check->random)));
}

/* "Connection refused (3 of 3)": real failures count like probes. */
static const char *explain_fall(const struct check *check, char *text, size_t size)
{
    if (check->last.is_certain)
        (void)snprintf(text, size, "%s (certain)", check->last.why);
    else if (!check->has_verdict || check->is_on_trial)
        return check->last.why;
    else
        (void)snprintf(text, size, "%s (%u of %u)", check->last.why, check->tally.fall,
                       check->tally.fall);
    return text;
}

/* What a change came of; "" is no reason. */
struct cause {
    const char *why;
    enum history_who who;
};

/* True when the server's health was another; the history and the log have it then. */
static bool change_health(struct check *check, enum health health,
                          const struct cause *cause)
{
    enum health was = check->server->health;
    struct history_change change = {
        .from = bulletin_health_name(was),
        .to = bulletin_health_name(health),
        .why = cause->why,
        .took_ms = cause->who == HISTORY_PROBE ? check->last_ms : 0,
        .who = cause->who,
    };
    char figures[48];

    if (!server_set_health(check->server, health))
        return false;
    history_note(&check->server->history, &change);
    (void)snprintf(figures, sizeof figures, "health=%u/%u ", check->tally.health,
                   tally_most(&check->tally));
    bulletin_tell(&check->bulletin, was, cause->why, figures);
    return true;
}

/* The first verdict settles the matter, later ones have to insist, unless they leave no
 * doubt. */
static bool count(struct check *check, bool has_passed)
{
    bool is_first = !check->has_verdict, was_up = tally_is_up(&check->tally);

    if (!is_first && (has_passed || !check->last.is_certain))
        return tally_note(&check->tally, has_passed);
    tally_settle(&check->tally, has_passed);
    return is_first || was_up != has_passed;
}

/* True when main has to hear of it. */
static bool take_effect(struct check *check, bool has_crossed, enum history_who who)
{
    bool is_news = !check->has_verdict;
    char text[sizeof check->last.why + 32];
    struct cause cause = { "", who };

    if (has_crossed && tally_is_up(&check->tally)) {
        is_news |= change_health(check, HEALTH_UP, &cause);
    } else if (has_crossed) {
        cause.why = explain_fall(check, text, sizeof text);
        is_news |= change_health(check, HEALTH_DOWN, &cause);
    }
    check->has_verdict = true;
    check->is_on_trial = false;
    return is_news;
}

static void put_on_trial(struct check *check, const char *why, enum history_who who)
{
    struct cause cause = { why, who };

    tally_put_on_trial(&check->tally);
    check->is_on_trial = true;
    (void)change_health(check, HEALTH_UP, &cause);
}

static void warn_of_shortage(struct check *check)
{
    unsigned times;

    if (repeat_is_due(&check->care->shortage, &times))
        log_warning("servers could not be asked: %s; the previous verdicts stand"
                    "  times=%u",
                    check->last.why, times);
}

/* One that will not tell can be connected to at least: that is an end to having been
 * dead, but not to what it told before. */
static bool is_as_good_as_connected(const struct check *check)
{
    return check->last.result == RESULT_CONNECTED && !check->is_unwell;
}

static const char *name_consequence(const struct check *check)
{
    if (is_as_good_as_connected(check))
        return "to be connected is enough";
    return check->has_verdict ? "the previous verdict stands" : "it counts as up";
}

/* Each reason once, however often it is given. */
static void warn_of_silence(struct check *check)
{
    const struct server *server = check->server;
    uint64_t complaint = hash_bytes(check->last.why, strlen(check->last.why));

    if (complaint == check->complaint)
        return;
    check->complaint = complaint;
    log_warning("the check of server %s/%s finds nothing out: %s; %s  server=%s/%s",
                server->backend->name, server->name, check->last.why,
                name_consequence(check), server->backend->name, server->name);
}

/* The server talks, if only of other things. */
static bool take_neutral(struct check *check)
{
    if (check->last.result == RESULT_OWN_SHORTAGE) {
        warn_of_shortage(check);
        return false;
    }
    warn_of_silence(check);
    if (is_as_good_as_connected(check))
        return take_effect(check, count(check, true), HISTORY_PROBE);
    if (check->has_verdict)
        return false;
    put_on_trial(check, check->last.why, HISTORY_PROBE);
    check->has_verdict = true;
    return true;
}

static bool take_telling(struct check *check)
{
    bool has_passed = check->last.outcome == OUTCOME_PASSED, is_news;

    if (!has_passed && check->server->health == HEALTH_UP)
        check->failures++;
    check->is_unwell = check->last.result == RESULT_ANSWER_BAD;
    is_news = has_passed && server_set_stopping(check->server, false);
    return take_effect(check, count(check, has_passed), HISTORY_PROBE) || is_news;
}

/* The owner is called last: it may do as it likes with the check. */
static void on_verdict(void *owner, const struct verdict *verdict, uint64_t took_ms)
{
    struct check *check = owner;
    bool is_news;

    check->probe = NULL;
    probe_gate_leave(&check->care->gate, &check->ticket);
    check->last = *verdict;
    check->heard_at = clock_ms();
    verdict_make_plain(&check->last);
    check->last_ms = took_ms;
    if (check->care->on_verdict)
        check->care->on_verdict(check, &check->last);
    if (check->last.outcome == OUTCOME_NEUTRAL)
        is_news = take_neutral(check);
    else
        is_news = take_telling(check);
    schedule_next(check);
    if (is_news)
        check->care->on_change(check, check->care->owner);
}

/* It is inside the gate. */
static void send_probe(struct check *check)
{
    struct address place;
    struct probe_request request = {
        .settings = &check->settings,
        .host = server_host(check->server),
        .backend = check->server->backend->name,
        .server = check->server->name,
        .worker = check->server->backend->workers,
        .address = check_place_find(&check->settings, server_address(check->server),
                                    &place),
        .on_end = on_verdict,
        .owner = check,
    };

    ensure(!check->probe);
    check->began_at = clock_ms();
    if (request.address) {
        request.source = check_place_source(&check->settings, request.address,
                                            &check->source_turn);
        check->probe = probe_begin(check->care->loop, &request);
    } else {
        probe_gate_leave(&check->care->gate, &check->ticket);
        schedule_next(check);
    }
}

static void on_turn(struct probe_gate_ticket *ticket)
{
    send_probe(list_object(ticket, struct check, ticket));
}

static void on_due(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct check *check = timer->data;

    (void)loop, (void)events;
    if (probe_gate_enter(&check->care->gate, &check->ticket))
        send_probe(check);
}

struct check *check_create(struct check_care *care, struct server *server)
{
    struct check *check = memory_new(sizeof *check);

    check->care = care;
    check->server = server;
    check->last.result = RESULT_STARTING;
    random_init(&check->random);
    bulletin_init(&check->bulletin, care->loop, server);
    probe_gate_ticket_init(&check->ticket, on_turn);
    ev_timer_init(&check->due, on_due, 0., 0.);
    check->due.data = check;
    return check;
}

static void stop(struct check *check)
{
    ev_timer_stop(check->care->loop, &check->due);
    probe_cancel(check->probe);
    check->probe = NULL;
    probe_gate_leave(&check->care->gate, &check->ticket);
}

void check_destroy(struct check *check)
{
    if (!check)
        return;
    stop(check);
    bulletin_deinit(&check->bulletin);
    free(check);
}

/* What is due sooner than that stays due, however often the file is read again. */
static void start_sooner(struct check *check, uint64_t after_ms)
{
    bool is_due = ev_is_active(&check->due);

    if (check->probe || probe_gate_is_waiting(&check->ticket))
        return;
    if (!is_due ||
        ev_timer_remaining(check->care->loop, &check->due) * 1e3 > (double)after_ms)
        start_timer(check, after_ms);
}

static void start_within(struct check *check, uint64_t spread_ms)
{
    start_sooner(check,
                 spread_ms ? random_below(&check->random, (uint32_t)spread_ms) : 0);
}

/* A probe under way looks at the settings through the check, and so at the new ones. */
static void take_settings(struct check *check, const struct check_settings *settings)
{
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
    bool asks_same = check->has_begun &&
                     check_settings_ask_same(&check->settings, settings);
    bool is_same = asks_same && check_settings_are_same(&check->settings, settings);

    if (!asks_same) {
        stop(check);
        check->complaint = 0;
    }
    take_settings(check, settings);
    if (is_active(check) && !is_same)
        start_within(check, spread_ms);
}

void check_ask_anew(struct check *check)
{
    stop(check);
    if (is_active(check))
        start_within(check, 0);
}

void check_pause(struct check *check)
{
    check->is_paused = true;
    stop(check);
}

void check_resume(struct check *check)
{
    if (!check->is_paused)
        return;
    check->is_paused = false;
    if (!check->has_begun || !check->settings.choice.kind)
        return;
    check->has_verdict = true;
    put_on_trial(check, "out of maintenance", HISTORY_ADMINISTRATOR);
    if (is_active(check))
        start_within(check, 0);
}

void check_enable(struct check *check, bool is_enabled)
{
    if (check->server->override.is_unasked == !is_enabled)
        return;
    check->server->override.is_unasked = !is_enabled;
    stop(check);
    if (is_active(check))
        start_within(check, 0);
}

void check_force(struct check *check, bool is_up, const char *by)
{
    struct cause cause = { by, HISTORY_ADMINISTRATOR };

    tally_settle(&check->tally, is_up);
    check->has_verdict = true;
    check->is_on_trial = false;
    (void)change_health(check, is_up ? HEALTH_UP : HEALTH_DOWN, &cause);
    if (is_active(check) && !check->probe)
        schedule_next(check);
}

void check_doubt(struct check *check)
{
    stop(check);
    check->complaint = 0;
    if (check->server->health == HEALTH_UP) {
        tally_put_on_trial(&check->tally);
        check->is_on_trial = true;
    } else {
        check->has_verdict = false;
    }
    if (is_active(check))
        start_within(check, 0);
}

/* At once, unless a probe is under way or has just been sent. */
static void hurry(struct check *check)
{
    uint64_t pause_ms = check->settings.changing_interval_ms / 4;

    start_sooner(check,
                 time_left(check, pause_ms > HURRY_LEAST_MS ? pause_ms : HURRY_LEAST_MS));
}

void check_hurry(struct check *check)
{
    if (is_active(check))
        hurry(check);
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
    check->heard_at = clock_ms();
    check->last = (struct verdict){ .outcome = OUTCOME_FAILED,
                                    .result = RESULT_CONNECT_FAILED };
    (void)snprintf(check->last.why, sizeof check->last.why, "%s", why);
    is_news = take_effect(check, count_failures(check, times), HISTORY_CLIENTS);
    hurry(check);
    if (is_news)
        check->care->on_change(check, check->care->owner);
}

void check_assume_up(struct check *check)
{
    if (!is_active(check) || check->has_verdict)
        return;
    put_on_trial(check, "no verdict came in time", HISTORY_PROBE);
}

void check_forget_failures(struct check *check)
{
    check->failures = 0;
}

struct check_report check_report(const struct check *check)
{
    return (struct check_report){
        .settings = &check->settings,
        .health = check->tally.health,
        .is_enabled = !check->server->override.is_unasked,
        .is_paused = check->is_paused,
        .is_asking = check->probe,
        .is_waiting = probe_gate_is_waiting(&check->ticket),
        .has_verdict = check->has_verdict,
        .last = check->last,
        .last_ms = check->last_ms,
        .age_ms = check->heard_at ? clock_ms() - check->heard_at : 0,
        .failures = check->failures,
    };
}

struct server *check_server(const struct check *check)
{
    return check->server;
}
