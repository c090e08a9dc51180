/* From words to the function that answers: looked up by the longest name that fits. */
#include "admin/command.h"

#include "admin/admin_sockets.h"
#include "admin/audit.h"
#include "admin/certificate.h"
#include "admin/change.h"
#include "admin/clear.h"
#include "admin/descriptors.h"
#include "admin/emptying.h"
#include "admin/enroll.h"
#include "admin/follow.h"
#include "admin/gate.h"
#include "admin/inside.h"
#include "admin/json_reply.h"
#include "admin/limit.h"
#include "admin/lists.h"
#include "admin/patience.h"
#include "admin/permit.h"
#include "admin/record.h"
#include "admin/runtime.h"
#include "admin/sessions.h"
#include "admin/shed.h"
#include "admin/show.h"
#include "admin/talk.h"
#include "admin/why.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum {
    USER = ADMIN_LEVEL_USER,
    OPERATOR = ADMIN_LEVEL_OPERATOR,
    ADMIN = ADMIN_LEVEL_ADMIN,
    LEVEL_BITS = 0x03,

    /* What else is to be known of a command. */
    MAKES_JSON = 0x04,  /* it understands `json` by itself */
    IS_CHANGE = 0x08,   /* although less than an administrator may */
    HAS_SECRETS = 0x10, /* behind its first argument */
};

typedef void carry_out(struct call *call);

static carry_out help;

static const struct command {
    const char *name;
    const char *arguments;
    unsigned rules; /* the least enum admin_level that may, and what else is so */
    carry_out *run;
    const char *help;
} commands[] = {
    { "abort ssl cert", "path", ADMIN, certificate_abort,
      "forget what was set and not committed" },
    { "add access", "frontend allow|deny network", ADMIN, permit_add,
      "at once; the first allowed network shuts out all others" },
    { "add server", "backend/server address [check] [weight n] ...", ADMIN, enroll_add,
      "in maintenance at first; kept over reloads, but not over a restart" },
    { "add ssl crt-list", "folder path", ADMIN, certificate_insert,
      "show a new certificate to clients of the frontends with this folder" },
    { "clear counters", "", OPERATOR | IS_CHANGE, clear_peaks,
      "the highest values ever begin anew" },
    { "clear counters all", "", ADMIN, clear_all, "all counters begin anew" },
    { "commit ssl cert", "path", ADMIN, certificate_commit,
      "show clients to come what was set, until the files are reloaded" },
    { "del access", "frontend allow|deny network", ADMIN, permit_remove,
      "at once; without the last allowed network nobody is: allow 0.0.0.0/0 and ::/0" },
    { "del server", "backend/server", ADMIN, enroll_delete,
      "one in maintenance that has no sessions; the file's is back after a reload" },
    { "del ssl cert", "path", ADMIN, certificate_delete,
      "forget a certificate that no frontend uses" },
    { "disable agent", "backend/server", ADMIN, change_agent_off,
      "nothing that its agent said counts, nor is it asked" },
    { "disable frontend", "name", ADMIN, gate_close,
      "listen no more, until it is enabled; present sessions go on" },
    { "disable health", "backend/server", ADMIN, change_check_off,
      "ask it no more; what is known of its health stays" },
    { "disable server", "backend/server", ADMIN, change_to_maint,
      "no sessions, no checks (same as 'set server ... state maint')" },
    { "diff", "", OPERATOR, runtime_show,
      "what was changed at runtime and is not as the file says" },
    { "drain", "backend[/server] [timeout duration] [then kill] [wait]", ADMIN,
      emptying_begin, "no new sessions; end those that are left; say when it is empty" },
    { "echo", "text", USER, talk_echo, "answer with the text" },
    { "enable agent", "backend/server", ADMIN, change_agent_on, "ask its agent again" },
    { "enable frontend", "name", ADMIN, gate_open, "listen again" },
    { "enable health", "backend/server", ADMIN, change_check_on, "check it again" },
    { "enable server", "backend/server", ADMIN, change_to_ready,
      "serve again (same as 'set server ... state ready')" },
    { "experimental-mode", "on|off", ADMIN, talk_take_mode, "same as 'expert-mode'" },
    { "expert-mode", "on|off", ADMIN, talk_take_mode,
      "taken from tools of HAProxy; changes nothing, no command of usher is hidden" },
    { "get weight", "backend/server", USER, show_weight, "present and initial weight" },
    { "help", "[word]", USER, help, "list the commands, or those with this word" },
    { "new ssl cert", "path", ADMIN, certificate_create,
      "begin with an empty certificate" },
    { "operator", "", OPERATOR, talk_be_operator, "lower the level to operator" },
    { "prompt", "[n|i|p|timed]", USER, talk_prompt,
      "toggle the prompt; n: one-shot, i: interactive, p: prompt, timed: with uptime" },
    { "quit", "", USER, talk_quit, "disconnect" },
    { "ready", "backend[/server]", ADMIN, emptying_end, "serve again, all of it" },
    { "reload", "", ADMIN, change_configuration, "read the configuration again" },
    { "save", "", ADMIN, runtime_save, "write the state-file now" },
    { "set maxconn frontend", "frontend maxconn", ADMIN, limit_frontend,
      "most sessions at once, more are refused; 0: nobody comes in" },
    { "set maxconn global", "maxconn", ADMIN, limit_program,
      "most sessions of all frontends, up to the file's maxconn; 0: that" },
    { "set maxconn server", "backend/server maxconn", ADMIN, limit_server,
      "most sessions at once, more wait; 0: no limit" },
    { "set rate-limit", "connections|sessions|ssl-sessions global number", ADMIN,
      limit_rate, "most new ones in a second, more wait; 0: no limit" },
    { "set server", "backend/server property value", ADMIN, change_server,
      "addr IP [port N], fqdn, state, weight, health, check-addr, agent-send ..." },
    { "set severity-output", "none|number|string", USER, talk_set_severity,
      "how messages are marked" },
    { "set ssl cert", "path <<payload", ADMIN | HAS_SECRETS, certificate_set,
      "give a certificate, its chain and its key as PEM, to be committed" },
    { "set timeout", "cli seconds", USER, talk_set_timeout,
      "let this connection be idle for so long" },
    { "set weight", "backend/server weight", ADMIN, change_weight,
      "0 to 256, or a percentage of the initial weight" },
    { "shed", "backend/server percent over duration", ADMIN, shed_sessions,
      "end a share of its sessions little by little, so that they move" },
    { "show access", "[frontend]", OPERATOR, permit_show,
      "networks that are allowed or denied" },
    { "show activity", "", OPERATOR, inside_show_activity, "what each worker does" },
    { "show backend", "", USER, lists_show_backends, "names of the backends" },
    { "show cli level", "", USER, talk_show_level, "level of this connection" },
    { "show cli sockets", "", USER, admin_show_sockets,
      "where these commands are taken, and at which level" },
    { "show env", "[name]", OPERATOR, inside_show_environment,
      "variables of the environment" },
    { "show errors", "", OPERATOR, lists_show_errors,
      "malformed requests, of which a TCP proxy sees none" },
    { "show events", "[events] [-w] [-n]", OPERATOR, follow_show_events,
      "what usher decided lately; -w: and from now on, -n: only that" },
    { "show fd", "[number]", OPERATOR, descriptors_show, "open descriptors" },
    { "show history", "backend/server [json]", USER | MAKES_JSON, record_show,
      "the last changes of a server: when, from, to, by whom, why" },
    { "show info", "[typed|json] [desc]", USER | MAKES_JSON, show_info,
      "figures of the process" },
    { "show listeners", "", USER, lists_show_listeners,
      "addresses that frontends listen on" },
    { "show pools", "", OPERATOR, inside_show_pools, "memory of the workers" },
    { "show resolvers", "", USER, inside_show_resolvers, "questions to DNS" },
    { "show schema json", "", USER | MAKES_JSON, show_schema,
      "what 'show info json' and 'show stat json' conform to" },
    { "show servers conn", "[backend]", USER, lists_show_servers_conn,
      "connections to each server" },
    { "show servers state", "[backend]", USER, show_servers_state,
      "state of the servers, to be read by machines" },
    { "show sess", "[id|all|help] [older age] [server|backend|frontend name]", OPERATOR,
      sessions_show, "sessions being served" },
    { "show ssl cert", "[path]", OPERATOR, certificate_show,
      "certificates that clients are shown; with a star: not committed" },
    { "show startup-logs", "", OPERATOR, admin_show_startup,
      "warnings and errors of the start" },
    { "show stat", "[id|name type server-id] [typed|json] [desc] [up] [no-maint]",
      USER | MAKES_JSON, show_stat,
      "figures of frontends, backends and servers, as CSV or otherwise" },
    { "show stats", "...", USER | MAKES_JSON, show_stat, "same as 'show stat'" },
    { "show table", "", USER, lists_show_tables, "tables, of which there are none" },
    { "show tasks", "", OPERATOR, inside_show_tasks, "sessions by stage, and checks" },
    { "show version", "", USER, talk_show_version, "version of this process" },
    { "show why", "backend/server", USER, why_show,
      "why this server gets traffic now, or does not" },
    { "shutdown frontend", "name", ADMIN, gate_shut,
      "listen no more, and give the addresses back, until the next reload" },
    { "shutdown session", "id", ADMIN, sessions_shut_one, "end this session now" },
    { "shutdown sessions server", "backend/server", ADMIN, sessions_shut_of_server,
      "end all sessions of this server now" },
    { "user", "", USER, talk_be_user, "lower the level to user" },
    { "wait", "delay [srv-removable backend/server]", USER, patience_wait,
      "answer after this time, or once this server may be deleted" },
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static enum admin_level level_of(const struct command *command)
{
    return (enum admin_level)(command->rules & LEVEL_BITS);
}

const char *command_argument(const struct call *call, size_t index)
{
    size_t at = call->name_words + index;

    return at < call->words->count ? call->words->at[at] : "";
}

void command_await(struct call *call)
{
    call->is_awaiting = true;
}

void command_watch(struct call *call, command_look *on_look)
{
    call->on_look = on_look;
    command_await(call);
}

void command_progress(struct call *call)
{
    if (call->on_progress && !call->wants_json)
        call->on_progress(call);
}

/* Reading is no change, unless it was tried without the right to. */
static bool is_audited(const struct call *call)
{
    return call->command &&
           (call->is_denied || level_of(call->command) == ADMIN_LEVEL_ADMIN ||
            call->command->rules & IS_CHANGE);
}

static bool makes_json(const struct call *call)
{
    return call->command && call->command->rules & MAKES_JSON;
}

/* The reply is complete. */
static void settle(struct call *call)
{
    bool has_secrets = call->command && call->command->rules & HAS_SECRETS;

    if (is_audited(call))
        audit_write(call, has_secrets ? call->name_words + 1 : LINE_WORDS);
    if (call->wants_json && !(makes_json(call) && call->reply->severity == SEVERITY_NONE))
        json_reply_turn(call->reply);
}

void command_end(struct call *call)
{
    call->is_awaiting = false;
    call->is_interruptible = call->is_interrupted = call->is_behind = false;
    call->on_look = NULL;
    settle(call);
    call->on_end(call);
}

const char *command_level_name(enum admin_level level)
{
    static const char *const names[] = {
        [ADMIN_LEVEL_USER] = "user",
        [ADMIN_LEVEL_OPERATOR] = "operator",
        [ADMIN_LEVEL_ADMIN] = "admin",
    };

    return names[level];
}

/* Does the name go on with exactly this word? */
static bool begins_with(const char *name, const char *word)
{
    size_t length = strcspn(name, " ");

    return length && strlen(word) == length && !strncmp(name, word, length);
}

/* The name without its first word. */
static const char *rest_of(const char *name)
{
    name += strcspn(name, " ");
    return name + (*name == ' ');
}

/* How many words the name has in common with what was said, from the first on. */
static size_t common_words(const char *name, const struct words *words)
{
    size_t count = 0;

    for (; count < words->count && begins_with(name, words->at[count]); count++)
        name = rest_of(name);
    return count;
}

static size_t count_words(const char *name)
{
    size_t count = 1;

    for (; *name; name++)
        count += *name == ' ';
    return count;
}

static const struct command *find_command(const struct words *words)
{
    const struct command *found = NULL;
    size_t longest = 0;

    for (size_t i = 0; i < COMMANDS; i++) {
        size_t count = count_words(commands[i].name);

        if (count <= longest || common_words(commands[i].name, words) != count)
            continue;
        found = &commands[i];
        longest = count;
    }
    return found;
}

static void write_usage(const struct command *command, const struct call *call)
{
    const char *gap = *command->arguments ? " " : "";
    int width = (int)(strlen(command->name) + strlen(gap) + strlen(command->arguments));

    if (level_of(command) <= call->caller->level)
        buffer_format(&call->reply->text, "  %s%s%s%*s : %s\n", command->name, gap,
                      command->arguments, width < 44 ? 44 - width : 0, "", command->help);
}

static bool has_word(const char *name, const char *word)
{
    for (; *name; name = rest_of(name))
        if (begins_with(name, word))
            return true;
    return false;
}

/* Is the first word of the name spelt nearly so? */
static bool is_near(const char *name, const char *word)
{
    char first[32];
    const char *const candidates[] = { first, NULL };

    (void)snprintf(first, sizeof first, "%.*s", (int)strcspn(name, " "), name);
    return text_nearest(word, candidates) != NULL;
}

static size_t most_common_words(const struct words *words)
{
    size_t most = 0;

    for (size_t i = 0; i < COMMANDS; i++) {
        size_t count = common_words(commands[i].name, words);

        most = count > most ? count : most;
    }
    return most;
}

/* Names the words up to the first that no command has there, and what comes nearest. */
static void refuse_unknown(const struct call *call)
{
    const struct words *words = call->words;
    struct buffer *out = &call->reply->text;
    size_t known = most_common_words(words), said;

    reply_refuse(call->reply, "Unknown command: '%s", words->at[0]);
    for (size_t i = 1; i <= known && i < words->count; i++)
        buffer_format(out, " %s", words->at[i]);
    buffer_add_text(out, "'.\n");
    said = out->length;
    for (size_t i = 0; i < COMMANDS; i++) {
        const char *name = commands[i].name;

        if (known ? common_words(name, words) == known : is_near(name, words->at[0]))
            write_usage(&commands[i], call);
    }
    for (size_t i = 0; i < COMMANDS && out->length == said; i++)
        if (commands[i].run == help)
            write_usage(&commands[i], call);
}

static void help(struct call *call)
{
    const char *word = command_argument(call, 0);
    size_t said;

    reply_say(call->reply, SEVERITY_INFO,
              "The following commands are valid at this level:\n");
    said = call->reply->text.length;
    for (size_t i = 0; i < COMMANDS; i++)
        if (!*word || has_word(commands[i].name, word))
            write_usage(&commands[i], call);
    if (call->reply->text.length == said)
        reply_refuse(call->reply, "Unknown command: '%s'.", word);
}

bool command_describe(size_t index, struct command_facts *facts)
{
    const struct command *command = &commands[index];

    if (index >= COMMANDS)
        return false;
    *facts = (struct command_facts){ command->name, command->arguments, command->help,
                                     level_of(command) };
    return true;
}

/* Whoever speaks to the master of HAProxy says which worker is meant: "@1 show info". */
static void drop_prefix(struct words *words)
{
    if (!words->count || *words->at[0] != '@')
        return;
    memmove(words->at, words->at + 1, --words->count * sizeof *words->at);
}

/* The last word, unless there is no other. */
static bool says_json(const struct words *words)
{
    return words->count > 1 && !strcmp(words->at[words->count - 1], "json");
}

static void begin(struct call *call)
{
    const struct command *command = find_command(call->words);

    call->command = command;
    call->name_words = command ? count_words(command->name) : 0;
    call->is_denied = command && call->caller->level < level_of(command);
    call->wants_json = says_json(call->words);
    if (call->wants_json && !makes_json(call))
        call->words->count--;
}

void command_run(struct call *call)
{
    drop_prefix(call->words);
    if (!call->words->count)
        return;
    begin(call);
    if (call->words->are_too_many)
        reply_refuse(call->reply,
                     "Too many arguments. Commands must have at most %d arguments.",
                     (int)LINE_WORDS);
    else if (!call->command)
        refuse_unknown(call);
    else if (call->is_denied)
        reply_refuse(call->reply, "Permission denied");
    else
        call->command->run(call);
    if (!call->is_awaiting)
        settle(call);
}
