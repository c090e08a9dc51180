/* Keeps the schedule of one agent, and tells of what changed in words. */
#include "health/agent.h"

#include "backend/backend.h"
#include "backend/history.h"
#include "backend/server_set.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "health/agent_call.h"
#include "health/agent_mood.h"

#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct agent {
    agent_changed *on_change;
    void *owner;
    struct agent_settings settings; /* the text to send is owned, as `sources` is */
    unsigned port;
    uint64_t timeout_ms;
    bool has_begun, is_paused, is_disabled;
    struct agent_memory memory;
    bool has_answer;
    enum result result;
    char said[128];
    uint64_t last_ms, reported_at, began_at;
    struct agent_mood mood;
    size_t source_turn;
    struct random random;
    ev_timer due;
    struct agent_call *call; /* owned; NULL when none is under way */
    size_t source_count;
    struct address *sources;
    struct ev_loop *loop;  /* borrowed */
    struct server *server; /* borrowed */
};

static bool is_active(const struct agent *agent)
{
    return agent->has_begun && !agent->is_paused && !agent->is_disabled;
}

static bool is_same(const struct agent_report *one, const struct agent_report *other)
{
    return one->percent == other->percent && one->will == other->will &&
           one->is_down == other->is_down && one->maxconn == other->maxconn;
}

static const char *wish_of(const struct agent_report *report)
{
    if (report->is_down)
        return "down";
    if (report->will & WILL_MAINT)
        return "maint";
    return report->will ? "drain" : "ready";
}

/* Load is no change of the server; there would be no room left for others. */
static void note_change(struct agent *agent, const struct agent_report *report)
{
    const struct history_change change = {
        .from = wish_of(&agent->server->agent),
        .to = wish_of(report),
        .why = agent->said,
        .took_ms = agent->last_ms,
        .who = HISTORY_AGENT,
    };

    if (strcmp(change.from, change.to) != 0)
        history_note(&agent->server->history, &change);
}

/* True when something else follows for the server than before. */
static bool apply(struct agent *agent)
{
    static const struct agent_memory nothing = { .has_report = false };
    struct server *server = agent->server;
    struct agent_report report = agent_memory_report(agent->is_disabled ? &nothing
                                                                        : &agent->memory,
                                                     server->wanted_weight);

    if (is_same(&report, &server->agent))
        return false;
    note_change(agent, &report);
    server_set_agent(server, &report);
    return true;
}

static void apply_and_tell(struct agent *agent)
{
    if (apply(agent))
        agent->on_change(agent, agent->owner);
}

static void start_timer(struct agent *agent, uint64_t after_ms)
{
    ev_timer_stop(agent->loop, &agent->due);
    ev_timer_set(&agent->due, (double)after_ms / 1e3, 0.);
    ev_timer_start(agent->loop, &agent->due);
}

/* What is left of the interval since the last asking began; ten percent more or less
 * keep agents from falling into step. */
static void schedule_next(struct agent *agent)
{
    uint64_t interval_ms = agent->settings.interval_ms, tenth = interval_ms / 10;
    uint64_t spent_ms = clock_ms() - agent->began_at;

    if (!is_active(agent))
        return;
    if (tenth)
        interval_ms += random_below(&agent->random, (uint32_t)(2 * tenth)) - tenth;
    start_timer(agent, spent_ms < interval_ms ? interval_ms - spent_ms : 0);
}

/* Commas and quotes are for the columns around it. */
static void remember_text(struct agent *agent, const char *text, size_t length)
{
    (void)text_escape(text, length, agent->said, sizeof agent->said);
    for (char *at = agent->said; (at = strpbrk(at, ",\"")); at++)
        *at = ' ';
}

static enum result take_line(struct agent *agent, const struct agent_answer *answer)
{
    struct agent_word word = agent_word_read(answer->line, answer->length);
    bool is_well = !word.is_down && !word.will;

    agent_mood_warn(&agent->mood, agent->server, word.stranger);
    remember_text(agent, answer->line, answer->length);
    if (!word.is_understood) {
        agent_memory_miss(&agent->memory);
        return RESULT_ANSWER_WRONG;
    }
    agent_memory_note(&agent->memory, &word);
    agent->reported_at = clock_ms();
    return is_well ? RESULT_ANSWERED : RESULT_ANSWER_BAD;
}

/* Our own shortage says nothing of the agent. The owner is called last: it may do as it
 * likes with the agent. */
static void on_answer(void *owner, const struct agent_answer *answer)
{
    struct agent *agent = owner;
    bool is_news;

    agent->call = NULL;
    agent->has_answer = true;
    agent->result = answer->result;
    agent->last_ms = answer->took_ms;
    if (answer->result == RESULT_ANSWERED)
        agent->result = take_line(agent, answer);
    else
        remember_text(agent, answer->why, strlen(answer->why));
    if (answer->result != RESULT_ANSWERED && answer->result != RESULT_OWN_SHORTAGE)
        agent_memory_miss(&agent->memory);
    is_news = apply(agent);
    if (answer->result != RESULT_OWN_SHORTAGE)
        agent_mood_tell(&agent->mood, agent->server, &agent->memory, agent->said);
    schedule_next(agent);
    if (is_news)
        agent->on_change(agent, agent->owner);
}

/* No address: the server's name has none yet, or it is a UNIX socket. */
static struct address where(const struct server *server,
                            const struct agent_settings *settings, unsigned port)
{
    const struct address *own = server_address(server);
    struct address address = { .length = 0 };

    if (settings->address.text)
        address = settings->address.address;
    else if (own && own->as.any.sa_family != AF_UNIX)
        address = *own;
    if (address.length)
        address_set_port(&address, (uint16_t)port);
    return address;
}

static struct address present_address(const struct agent *agent)
{
    return where(agent->server, &agent->settings, agent->port);
}

static const struct address *next_source(struct agent *agent, const struct address *where)
{
    for (size_t i = 0; i < agent->source_count; i++) {
        size_t next = agent->source_turn++ % agent->source_count;
        const struct address *source = &agent->sources[next];

        if (source->as.any.sa_family == where->as.any.sa_family)
            return source;
    }
    return NULL;
}

static void ask(struct agent *agent)
{
    struct agent_call_request request = {
        .address = present_address(agent),
        .send = agent->settings.send,
        .timeout_ms = agent->timeout_ms,
        .on_end = on_answer,
        .owner = agent,
    };

    ensure(!agent->call);
    agent->began_at = clock_ms();
    request.source = next_source(agent, &request.address);
    if (request.address.length)
        agent->call = agent_call_begin(agent->loop, &request);
    else
        schedule_next(agent);
}

static void on_due(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)loop, (void)events;
    ask(timer->data);
}

struct agent *agent_create(struct ev_loop *loop, struct server *server,
                           agent_changed *on_change, void *owner)
{
    struct agent *agent = memory_new(sizeof *agent);

    agent->loop = loop;
    agent->server = server;
    agent->on_change = on_change;
    agent->owner = owner;
    agent->result = RESULT_STARTING;
    random_init(&agent->random);
    ev_timer_init(&agent->due, on_due, 0., 0.);
    agent->due.data = agent;
    return agent;
}

static void stop(struct agent *agent)
{
    ev_timer_stop(agent->loop, &agent->due);
    agent_call_cancel(agent->call);
    agent->call = NULL;
}

void agent_destroy(struct agent *agent)
{
    if (!agent)
        return;
    stop(agent);
    agent->is_disabled = true;
    apply_and_tell(agent);
    free((char *)(uintptr_t)agent->settings.send);
    free(agent->sources);
    free(agent);
}

/* Within one interval, so that many that begin at once are spread. */
static void start_soon(struct agent *agent)
{
    uint64_t interval_ms = agent->settings.interval_ms, tenth = interval_ms / 10;

    if (!is_active(agent) || agent->call)
        return;
    start_timer(agent, tenth ? random_below(&agent->random, (uint32_t)tenth) : 0);
}

static bool is_same_agent(const struct agent *agent, const struct agent_settings *other,
                          unsigned port)
{
    const char *one = agent->settings.send, *two = other->send;
    struct address here = present_address(agent);
    struct address there = where(agent->server, other, port);

    return agent->settings.interval_ms == other->interval_ms &&
           address_is_equal(&here, &there) && !strcmp(one ? one : "", two ? two : "");
}

/* An agent may be asked for longer than there is the generation that said how. */
static void keep_sources(struct agent *agent, const struct check_settings *settings)
{
    free(agent->sources);
    agent->sources = memory_new_array(settings->source_count, sizeof *agent->sources);
    agent->source_count = settings->source_count;
    for (size_t i = 0; i < settings->source_count; i++)
        agent->sources[i] = settings->sources[i].address;
}

void agent_begin(struct agent *agent, const struct check_settings *settings,
                 unsigned port)
{
    bool is_same = agent->has_begun && is_same_agent(agent, &settings->agent, port);
    char *send = settings->agent.send ? memory_copy_text(settings->agent.send) : NULL;

    if (!is_same)
        stop(agent);
    free((char *)(uintptr_t)agent->settings.send);
    agent->settings = settings->agent;
    agent->settings.send = send;
    keep_sources(agent, settings);
    agent->port = port;
    agent->timeout_ms = settings->timeout_ms;
    agent->has_begun = true;
    if (!is_same)
        start_soon(agent);
}

void agent_pause(struct agent *agent, bool is_paused)
{
    if (agent->is_paused == is_paused)
        return;
    agent->is_paused = is_paused;
    stop(agent);
    start_soon(agent);
}

void agent_enable(struct agent *agent, bool is_enabled)
{
    if (agent->is_disabled == !is_enabled)
        return;
    agent->is_disabled = !is_enabled;
    stop(agent);
    agent->memory = (struct agent_memory){ .has_report = false };
    agent->mood.told = MOOD_UNKNOWN;
    start_soon(agent);
    apply_and_tell(agent);
}

void agent_force(struct agent *agent, bool is_down)
{
    const char *word = is_down ? "down" : "up";
    struct agent_word forced = agent_word_read(word, strlen(word));

    agent_memory_note(&agent->memory, &forced);
    agent->reported_at = clock_ms();
    remember_text(agent, word, strlen(word));
    agent->has_answer = true;
    agent->result = is_down ? RESULT_ANSWER_BAD : RESULT_ANSWERED;
    apply_and_tell(agent);
}

struct agent_facts agent_facts(const struct agent *agent)
{
    return (struct agent_facts){
        .address = present_address(agent),
        .is_enabled = !agent->is_disabled,
        .is_paused = agent->is_paused,
        .is_asking = agent->call != NULL,
        .has_answer = agent->has_answer,
        .result = agent->result,
        .said = agent->said,
        .last_ms = agent->last_ms,
        .has_report = agent->memory.has_report,
        .age_ms = agent->reported_at ? clock_ms() - agent->reported_at : 0,
    };
}
