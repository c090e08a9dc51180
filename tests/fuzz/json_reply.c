/* Any bytes as what a command answered, made JSON: one line of it, whatever they were. */
#include "admin/json_reply.h"

#include "admin/reply.h"
#include "base/memory.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *skip_text(const char *at)
{
    ensure(*at++ == '"');
    while (*at != '"') {
        ensure(*at >= ' ' && *at <= '~');
        if (*at == '\\')
            ensure(strchr("\"\\nt", *++at) && *at);
        at++;
    }
    return at + 1;
}

static const char *skip_value(const char *at)
{
    if (*at == '"')
        return skip_text(at);
    at += *at == '-';
    ensure(isdigit((unsigned char)*at));
    ensure(*at != '0' || !isdigit((unsigned char)at[1]));
    while (isdigit((unsigned char)*at))
        at++;
    return at;
}

static const char *skip_object(const char *at)
{
    ensure(*at++ == '{');
    for (bool is_first = true; *at != '}'; is_first = false) {
        if (!is_first)
            ensure(*at++ == ',');
        at = skip_text(at);
        ensure(*at++ == ':');
        at = skip_value(at);
    }
    return at + 1;
}

static const char *skip_array(const char *at)
{
    ensure(*at++ == '[');
    for (bool is_first = true; *at != ']'; is_first = false) {
        if (!is_first)
            ensure(*at++ == ',');
        at = skip_object(at);
    }
    return at + 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum severity severities[] = { SEVERITY_NONE, SEVERITY_ERROR };
    struct reply reply = { .severity = severities[size && data[0] & 1] };
    struct buffer out = { 0 };
    const char *end;

    buffer_add(&reply.text, data, size);
    json_reply_turn(&reply);
    reply_frame(&reply, SEVERITY_AS_NUMBER, &out);
    end = buffer_text(&out);
    end = *end == '[' ? skip_array(end) : skip_object(end);
    ensure(!strcmp(end, "\n\n"));
    buffer_deinit(&out);
    reply_deinit(&reply);
    return 0;
}
