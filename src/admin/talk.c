#include "admin/talk.h"

#include "admin/command.h"
#include "base/text.h"
#include "base/version.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { TIMEOUT_MOST_S = 30 * 86400 };

void talk_echo(struct call *call)
{
    reply_say(call->reply, SEVERITY_INFO, "%s", command_argument(call, 0));
    for (size_t i = 1; *command_argument(call, i); i++)
        buffer_format(&call->reply->text, " %s", command_argument(call, i));
}

static bool set_mode(struct caller *caller, const char *word)
{
    static const struct {
        const char *word;
        enum caller_mode mode;
        bool shows_uptime;
    } modes[] = {
        { "n", CALLER_ONE_SHOT, false },
        { "i", CALLER_INTERACTIVE, false },
        { "p", CALLER_PROMPTED, false },
        { "timed", CALLER_PROMPTED, true },
    };

    for (size_t i = 0; i < COUNT(modes); i++) {
        if (strcmp(modes[i].word, word))
            continue;
        caller->mode = modes[i].mode;
        caller->shows_uptime = modes[i].shows_uptime;
        return true;
    }
    return false;
}

void talk_prompt(struct call *call)
{
    struct caller *caller = call->caller;
    const char *word = command_argument(call, 0);

    if (!*word)
        (void)set_mode(caller, caller->mode == CALLER_ONE_SHOT ? "p" : "n");
    for (size_t i = 0; *(word = command_argument(call, i)); i++)
        if (!set_mode(caller, word))
            reply_refuse(call->reply, "'prompt' expects 'n', 'i', 'p' or 'timed'.");
}

void talk_quit(struct call *call)
{
    call->caller->has_quit = true;
}

void talk_set_severity(struct call *call)
{
    static const char *const words[] = {
        [SEVERITY_HIDDEN] = "none",
        [SEVERITY_AS_NUMBER] = "number",
        [SEVERITY_AS_WORD] = "string",
    };

    for (size_t i = 0; i < COUNT(words); i++) {
        if (strcmp(words[i], command_argument(call, 0)))
            continue;
        call->caller->style = (enum severity_style)i;
        return;
    }
    reply_refuse(call->reply, "one of 'none', 'number', 'string' is a required argument");
}

/* Seconds, unless a unit says otherwise. */
static bool read_timeout(const char *text, uint64_t *ms)
{
    uint64_t seconds;

    if (text_read_number(text, &seconds))
        return !text_read_duration(text, ms);
    *ms = seconds <= TIMEOUT_MOST_S ? seconds * 1000 : UINT64_MAX;
    return true;
}

void talk_set_timeout(struct call *call)
{
    const char *value = command_argument(call, 1);
    uint64_t ms;

    if (strcmp(command_argument(call, 0), "cli"))
        reply_refuse(call->reply, "'set timeout' only supports 'cli'.");
    else if (!*value)
        reply_refuse(call->reply, "Expects an integer value.");
    else if (!read_timeout(value, &ms) || !ms || ms > TIMEOUT_MOST_S * UINT64_C(1000))
        reply_refuse(call->reply, "Invalid timeout value.");
    else
        call->caller->timeout_ms = ms;
}

void talk_show_level(struct call *call)
{
    reply_say(call->reply, SEVERITY_INFO, "%s", command_level_name(call->caller->level));
}

void talk_show_version(struct call *call)
{
    reply_say(call->reply, SEVERITY_INFO, "%s", USHER_DIALECT);
}

void talk_be_operator(struct call *call)
{
    call->caller->level = ADMIN_LEVEL_OPERATOR;
}

void talk_be_user(struct call *call)
{
    call->caller->level = ADMIN_LEVEL_USER;
}

void talk_take_mode(struct call *call)
{
    const char *word = command_argument(call, 0);

    if (strcmp(word, "on") != 0 && strcmp(word, "off") != 0)
        reply_refuse(call->reply, "The mode is 'on' or 'off'.");
}
