/* Whoever adds servers speaks of them as in HAProxy's file: the words behind the address
 * are one table. */
#include "admin/enroll.h"

#include "admin/change_place.h"
#include "admin/command.h"
#include "admin/find.h"
#include "backend/backend.h"
#include "base/text.h"
#include "config/settings.h"
#include "control/enlist.h"

#include <stdio.h>
#include <string.h>

enum { FIRST_OPTION = 2, PORT_MOST = 65535, MAXCONN_MOST = 10000000, TIMES_MOST = 1000 };

#define TIME_MOST (24 * UINT64_C(3600000))

/* What is read, word after word; numbers as wide as the widest. */
struct enrolment {
    uint64_t weight, maxconn, priority, check_port, agent_port;
    uint64_t backup, check, agent, ready, silent;
    uint64_t interval_ms, changing_interval_ms, down_interval_ms, rise, fall;
    struct address check_address, agent_address;
    const char *agent_send;
};

enum kind { FLAG, NUMBER, TIME, IP, TEXT };

static const struct option {
    const char *word;
    enum kind kind;
    size_t at;
    uint64_t least, most;
} options[] = {
#define AT(field) offsetof(struct enrolment, field)
    { "addr", IP, AT(check_address), 0, 0 },
    { "agent-addr", IP, AT(agent_address), 0, 0 },
    { "agent-check", FLAG, AT(agent), 0, 0 },
    { "agent-port", NUMBER, AT(agent_port), 1, PORT_MOST },
    { "agent-send", TEXT, AT(agent_send), 0, 0 },
    { "backup", FLAG, AT(backup), 0, 0 },
    { "check", FLAG, AT(check), 0, 0 },
    { "disabled", FLAG, AT(silent), 0, 0 },
    { "downinter", TIME, AT(down_interval_ms), 1, TIME_MOST },
    { "enabled", FLAG, AT(ready), 0, 0 },
    { "fall", NUMBER, AT(fall), 1, TIMES_MOST },
    { "fastinter", TIME, AT(changing_interval_ms), 1, TIME_MOST },
    { "inter", TIME, AT(interval_ms), 1, TIME_MOST },
    { "maxconn", NUMBER, AT(maxconn), 0, MAXCONN_MOST },
    { "port", NUMBER, AT(check_port), 1, PORT_MOST },
    { "priority", NUMBER, AT(priority), 1, 256 },
    { "rise", NUMBER, AT(rise), 1, TIMES_MOST },
    { "weight", NUMBER, AT(weight), 0, SERVER_WEIGHT_MOST },
#undef AT
};

enum { OPTIONS = sizeof options / sizeof *options };

static const struct option *find_option(const char *word)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (!strcmp(options[i].word, word))
            return &options[i];
    return NULL;
}

static void refuse_word(struct call *call, const char *word)
{
    const char *candidates[OPTIONS + 1] = { NULL };
    const char *near;

    for (size_t i = 0; i < OPTIONS; i++)
        candidates[i] = options[i].word;
    near = text_nearest(word, candidates);
    reply_refuse(call->reply, "unknown keyword '%s'", word);
    if (near)
        buffer_format(&call->reply->text, "; did you mean '%s' maybe ?", near);
}

/* A time without a unit is in milliseconds, as there. */
static bool read_number(const struct option *option, const char *text, uint64_t *number)
{
    if (text_read_number(text, number) &&
        (option->kind != TIME || text_read_duration(text, number)))
        return false;
    return *number >= option->least && *number <= option->most;
}

static bool read_value(const struct option *option, const char *text, void *field)
{
    if (option->kind == TEXT)
        *(const char **)field = text;
    return option->kind == TEXT ||
           (option->kind == IP ? change_place_read_ip(text, field)
                               : read_number(option, text, field));
}

/* False, and refused, when one of the words is not understood. */
static bool read_options(struct call *call, struct enrolment *enrolment)
{
    const char *word, *value;

    for (size_t i = FIRST_OPTION; *(word = command_argument(call, i)); i++) {
        const struct option *option = find_option(word);
        void *field = option ? (char *)enrolment + option->at : NULL;

        if (!option) {
            refuse_word(call, word);
            return false;
        }
        if (option->kind == FLAG) {
            *(uint64_t *)field = 1;
            continue;
        }
        value = command_argument(call, ++i);
        if (!read_value(option, value, field)) {
            reply_refuse(call->reply,
                         "invalid value '%s' for argument '%s' of server %s.", value,
                         word, command_argument(call, 0));
            return false;
        }
    }
    return true;
}

static struct enlist_request make_request(const struct enrolment *from)
{
    struct enlist_request request = {
        .settings = { .weight = (unsigned)from->weight,
                      .maxconn = (unsigned)from->maxconn,
                      .backup = from->backup,
                      .priority = (unsigned)from->priority,
                      .check_port = (unsigned)from->check_port,
                      .agent_port = (unsigned)from->agent_port },
        .is_checked = from->check,
        .has_agent = from->agent,
        .is_ready = from->ready && !from->silent,
        .interval_ms = from->interval_ms,
        .changing_interval_ms = from->changing_interval_ms,
        .down_interval_ms = from->down_interval_ms,
        .rise = from->rise,
        .fall = from->fall,
        .agent_wish = { .send = from->agent_send },
    };

    if (from->check_address.length)
        request.check_wish.address = &from->check_address;
    if (from->agent_address.length)
        request.agent_wish.address = &from->agent_address;
    return request;
}

/* NULL, or why a server cannot be there. */
static const char *read_destination(const char *text, struct address_parts *destination)
{
    const char *wrong = address_parse(text, destination);

    if (wrong)
        return wrong;
    if (destination->kind == ADDRESS_DESCRIPTOR)
        return "a server cannot be a descriptor";
    if (!destination->port && !(destination->kind == ADDRESS_NUMERIC &&
                                destination->address.as.any.sa_family == AF_UNIX))
        return "the port of a server must be 1 to 65535";
    return NULL;
}

/* False, and refused, when there cannot be such a server. */
static bool read_place(struct call *call, struct backend *backend,
                       struct server_settings *settings)
{
    const char *wrong;

    settings->text = command_argument(call, 1);
    if (backend_find(backend, settings->name)) {
        reply_refuse(call->reply,
                     "Already exists a server with the same name in backend.");
        return false;
    }
    if (!*settings->text) {
        reply_refuse(call->reply,
                     "'server' expects <name> and <addr>[:<port>] as arguments.");
        return false;
    }
    if (!text_is_name(settings->name)) {
        reply_refuse(call->reply, "invalid character in the name '%s'.", settings->name);
        return false;
    }
    wrong = settings_check_name(settings->name);
    if (wrong) {
        reply_refuse(call->reply, "'%.60s': %s.", settings->name, wrong);
        return false;
    }
    wrong = read_destination(settings->text, &settings->destination);
    if (wrong)
        reply_refuse(call->reply, "'%s': %s.", settings->text, wrong);
    return !wrong;
}

void enroll_add(struct call *call)
{
    const char *name;
    struct backend *backend = find_backend_of(call->control, command_argument(call, 0),
                                              call->reply, &name);
    struct enrolment enrolment = { .weight = 1, .priority = 1 };
    struct server_settings place = { .name = NULL };
    struct enlist_request request;

    if (!backend)
        return;
    place.name = name;
    if (!read_place(call, backend, &place) || !read_options(call, &enrolment))
        return;
    request = make_request(&enrolment);
    request.settings.name = place.name;
    request.settings.text = place.text;
    request.settings.destination = place.destination;
    enlist_add(call->control, backend, &request, call->caller->by);
    reply_say(call->reply, SEVERITY_INFO, "New server registered.");
}

void enroll_delete(struct call *call)
{
    struct server *server = find_server(call->control, command_argument(call, 0),
                                        call->reply);
    enum enlist_hindrance hindrance;

    if (!server)
        return;
    hindrance = enlist_hindrance(server);
    if (hindrance != ENLIST_FREE) {
        reply_refuse(call->reply, "%s", enlist_hindrance_text(hindrance));
        return;
    }
    enlist_delete(call->control, server, call->caller->by);
    reply_say(call->reply, SEVERITY_INFO, "Server deleted.");
}
