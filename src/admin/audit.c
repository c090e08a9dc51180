/* Control tells of what changed; this tells who asked for it, even in vain. */
#include "admin/audit.h"

#include "admin/command.h"
#include "base/log.h"
#include "base/text.h"

#include <string.h>

enum { TEXT_SIZE = 320 };

/* Printable, without quotes, on one line. */
static void add_escaped(const char *text, size_t length, struct buffer *out)
{
    char escaped[TEXT_SIZE];

    (void)text_escape(text, length, escaped, sizeof escaped);
    for (char *quote = escaped; (quote = strchr(quote, '"'));)
        *quote = '\'';
    buffer_add_text(out, escaped);
}

void audit_words(const struct words *words, size_t most_words, struct buffer *out)
{
    struct buffer all = { 0 };

    for (size_t i = 0; i < words->count && i < most_words; i++)
        buffer_format(&all, i ? " %s" : "%s", words->at[i]);
    if (words->count > most_words)
        buffer_add_text(&all, " ...");
    add_escaped(buffer_text(&all), all.length, out);
    buffer_deinit(&all);
}

static const char *result_of(const struct call *call)
{
    if (call->is_denied)
        return "denied";
    return call->reply->severity == SEVERITY_ERROR ? "refused" : "done";
}

void audit_write(const struct call *call, size_t most_words)
{
    struct buffer command = { 0 }, answer = { 0 };
    const char *text = buffer_text(&call->reply->text);

    audit_words(call->words, most_words, &command);
    add_escaped(text, strcspn(text, "\n"), &answer);
    log_write(call->is_denied ? LEVEL_WARNING : LEVEL_NOTICE,
              "admin command  command=\"%s\" result=%s answer=\"%s\" by=\"%s\"",
              buffer_text(&command), result_of(call), buffer_text(&answer),
              call->caller->by);
    buffer_deinit(&answer);
    buffer_deinit(&command);
}
