/* What the log is told of a session: that it began, now and then how it goes, and why it
 * is over; in words, or as the tools of HAProxy's users read it. */
#include "proxy/journal.h"

#include "backend/backend.h"
#include "base/log.h"
#include "net/tls.h"
#include "proxy/entrance.h"
#include "proxy/session_parts.h"
#include "proxy/tcplog.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { FIELDS_MOST = 16, ID_SIZE = 24, SENTENCE_SIZE = 400, TCPLOG_SIZE = 512 };

enum occasion { OCCASION_BEGUN, OCCASION_GOING_ON, OCCASION_OVER };

static const char *const events[] = {
    [OCCASION_BEGUN] = "begin",
    [OCCASION_GOING_ON] = "going-on",
    [OCCASION_OVER] = "end",
};

/* What a line in words is made of, while it is made. */
struct words {
    char id[ID_SIZE], sentence[SENTENCE_SIZE];
    struct address_text client;
    struct tls_facts tls;
    size_t count;
    struct log_field fields[FIELDS_MOST];
};

static const struct frontend_settings *rules_of(const struct session *session)
{
    return session->frontend->settings;
}

uint64_t journal_connect_ms(const struct session *session)
{
    return session->reached_at - session->begun_at - session->queue_ms;
}

/* The one it was tried with last, when none was reached. */
static const struct server *server_of(const struct session *session)
{
    return session->server ? session->server : session->failed;
}

static uint64_t queue_ms_of(const struct session *session, uint64_t now)
{
    return session->queue_ms + (session->queued_at ? now - session->queued_at : 0);
}

static void add_text(struct words *words, const char *key, const char *text)
{
    words->fields[words->count++] = (struct log_field){ key, FIELD_TEXT, text, 0 };
}

static void add_number(struct words *words, const char *key, uint64_t number)
{
    words->fields[words->count++] = (struct log_field){ key, FIELD_NUMBER, NULL, number };
}

static void add_ms(struct words *words, const char *key, uint64_t ms)
{
    words->fields[words->count++] = (struct log_field){ key, FIELD_MS, NULL, ms };
}

/* Of the client's TLS, as far as it came. */
static void add_tls(struct words *words, struct session *session)
{
    words->tls = tls_facts(&session->to_client);
    if (!*words->tls.version && !*words->tls.name)
        return;
    add_text(words, "tls", *words->tls.version ? words->tls.version : NULL);
    add_text(words, "name", *words->tls.name ? words->tls.name : NULL);
}

static void add_names(struct words *words, const struct session *session)
{
    (void)snprintf(words->id, sizeof words->id, "0x%" PRIx64, session->id);
    words->client = endpoint_text(&session->client);
    add_text(words, "session", words->id);
    add_text(words, "client", words->client.chars);
    add_text(words, "frontend", rules_of(session)->name);
}

static void add_figures(struct words *words, const struct session *session, uint64_t now)
{
    const struct server *server = server_of(session);

    add_text(words, "backend", session->route ? session->route->backend->name : NULL);
    add_text(words, "server", server ? server->name : NULL);
    add_text(words, "stage", session_stage_name(session));
    add_number(words, "in", session->in.moved);
    add_number(words, "out", session->out.moved);
    add_ms(words, "queue", queue_ms_of(session, now));
    add_ms(words, "connect",
           session->reached_at ? journal_connect_ms(session) : UINT64_MAX);
    add_ms(words, "total", now - session->begun_at);
    add_number(words, "tries", session->tries);
}

/* What was wrong in particular, or what the system said when no server was reached. */
static const char *detail(const struct session *session)
{
    bool is_reached = session->reached_at || !session->failure;

    if (session->trouble)
        return session->trouble;
    return is_reached ? "" : strerror((int)session->failure);
}

static void say_why(struct words *words, const struct session *session)
{
    const struct ending_facts *facts = ending_facts(session->ending);
    const char *why = detail(session);

    (void)snprintf(words->sentence, sizeof words->sentence, "session over: %s%s%s",
                   facts->text, *why ? ": " : "", why);
    add_text(words, "ending", facts->name);
}

static void tell_in_words(struct session *session, enum occasion occasion, uint64_t now)
{
    struct words words = { .sentence = "" };
    struct log_record record = { .event = events[occasion],
                                 .sentence = words.sentence,
                                 .fields = words.fields };

    add_names(&words, session);
    if (occasion == OCCASION_BEGUN) {
        record.sentence = "session begins";
        add_text(&words, "stage", session_stage_name(session));
    } else {
        record.sentence = "session goes on";
        add_figures(&words, session, now);
        add_tls(&words, session);
    }
    if (occasion == OCCASION_OVER) {
        record.sentence = words.sentence;
        say_why(&words, session);
    }
    record.count = words.count;
    log_record(LEVEL_INFO, &record);
}

static struct termination why_over(const struct session *session, enum occasion occasion)
{
    return termination_of(&(struct parting){
        .ending = occasion == OCCASION_OVER ? session->ending : ENDING_NONE,
        .stage = session->stage,
        .is_server_asked = session->is_server_asked,
        .has_client_ended = session->in.state != FLOW_OPEN,
        .was_client_faulty = session->to_client.was_faulty,
    });
}

static uint32_t count_of(const struct gauge *gauge, bool is_over)
{
    return gauge_read(gauge) - is_over;
}

/* Those still there when it is gone; the sums of the process and the frontend have it
 * in. */
static void count_sessions(struct tcplog *line, const struct session *session,
                           bool is_over)
{
    const struct server *server = server_of(session);

    line->of_process = gauge_read(session->workspace->settings.present);
    line->of_frontend = gauge_read(&session->frontend->entrance->sessions);
    if (session->route)
        line->of_backend = count_of(&session->route->backend->sessions, is_over);
    if (server)
        line->of_server = count_of(&server->sessions, is_over);
}

static void take_times(struct tcplog *line, const struct session *session, uint64_t now)
{
    bool had_turn = session->tries || session->queue_place;

    line->queue_ms = had_turn ? (int64_t)queue_ms_of(session, now) : -1;
    line->connect_ms = session->reached_at ? (int64_t)journal_connect_ms(session) : -1;
    line->answer_ms = session->out.moved ? (int64_t)session->response_ms : -1;
    line->total_ms = (int64_t)(now - session->begun_at);
}

static void tell_as_tcplog(struct session *session, enum occasion occasion, uint64_t now)
{
    const struct server *server = server_of(session);
    struct address_text client = endpoint_text(&session->client);
    char text[TCPLOG_SIZE];
    struct tcplog line = {
        .client = session->client.local ? "unix:1" : client.chars,
        .frontend = rules_of(session)->name,
        .backend = session->route ? session->route->backend->name : NULL,
        .server = server ? server->name : NULL,
        .begun_on = session->begun_on,
        .is_tls = !conn_is_plain(&session->to_client),
        .is_going_on = occasion != OCCASION_OVER,
        .is_redispatched = session->is_redispatched,
        .bytes = session->out.moved,
        .why = why_over(session, occasion),
        .retries = session->tries ? session->tries - 1u : 0,
        .queue_place = session->queue_place,
    };

    take_times(&line, session, now);
    count_sessions(&line, session, occasion == OCCASION_OVER);
    tcplog_write(&line, log_format(), text, sizeof text);
    log_session(LEVEL_INFO, text);
}

/* halog would take every line for a session of its own. */
static void tell(struct session *session, enum occasion occasion, uint64_t now)
{
    enum log_format format = log_format();

    if (!log_is_on(LEVEL_INFO))
        return;
    if (format == FORMAT_TEXT || format == FORMAT_JSON)
        tell_in_words(session, occasion, now);
    else if (format == FORMAT_TCPLOG || occasion == OCCASION_OVER)
        tell_as_tcplog(session, occasion, now);
}

static void tell_begun(struct session *session)
{
    session->is_logged = true;
    if (rules_of(session)->session_log == SESSION_LOG_BOTH)
        tell(session, OCCASION_BEGUN, session->begun_at);
}

void journal_begin(struct session *session)
{
    uint64_t every_ms = rules_of(session)->log_every_ms;

    if (every_ms && rules_of(session)->session_log != SESSION_LOG_OFF)
        session->log_at = session->begun_at + every_ms;
    /* Whether it is one to be quiet about, its first byte will tell, or its end. */
    if (!rules_of(session)->is_quiet_on_empty)
        tell_begun(session);
}

void journal_moved(struct session *session)
{
    tell_begun(session);
}

void journal_look(struct session *session, uint64_t now)
{
    uint64_t every_ms = rules_of(session)->log_every_ms;

    if (!session->log_at || now < session->log_at)
        return;
    session->log_at += (1 + (now - session->log_at) / every_ms) * every_ms;
    if (!session->is_logged)
        tell_begun(session);
    tell(session, OCCASION_GOING_ON, now);
}

static bool has_client_left(enum ending ending)
{
    return ending == ENDING_CLIENT_CLOSED || ending == ENDING_CLIENT_RESET ||
           ending == ENDING_CLIENT_TLS;
}

bool journal_is_empty(struct session *session)
{
    const struct piece *held = session->in.held;

    if (session->in.moved || session->out.moved || (held && held->end))
        return false;
    return has_client_left(session->ending) && !tls_facts(&session->to_client).was_heard;
}

void journal_end(struct session *session, uint64_t now)
{
    const struct frontend_settings *rules = rules_of(session);

    if (rules->session_log == SESSION_LOG_OFF)
        return;
    if (!session->is_logged && journal_is_empty(session))
        return;
    if (!session->is_logged)
        tell_begun(session);
    tell(session, OCCASION_OVER, now);
}
