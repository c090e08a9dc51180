/* From words to probes: addresses, statuses, steps, and the kind itself. */
#include "config/checking.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "config/document.h"
#include "config/rows.h"
#include "health/check_settings.h"
#include "health/probe.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MOST = 64 };

const char *checking_read_address(void *object, struct arena *arena)
{
    struct check_address *check = object;
    struct address *address = &check->address;

    (void)arena;
    *address = (struct address){ .length = 0 };
    if (inet_pton(AF_INET, check->text, &address->as.ip4.sin_addr) == 1) {
        address->as.any.sa_family = AF_INET;
        address->length = sizeof address->as.ip4;
    } else if (inet_pton(AF_INET6, check->text, &address->as.ip6.sin6_addr) == 1) {
        address->as.any.sa_family = AF_INET6;
        address->length = sizeof address->as.ip6;
    }
    return address->length
               ? NULL
               : "an IP address without a port is expected, such as 192.0.2.1";
}

static bool read_status(const char *text, uint64_t *status)
{
    return !text_read_number(text, status) && *status >= HTTP_STATUS_LEAST &&
           *status <= HTTP_STATUS_MOST;
}

/* "200" or "200-399" */
static bool read_range(char *word, struct http_statuses *statuses)
{
    char *dash = strchr(word, '-');
    uint64_t first, last;

    if (dash)
        *dash = '\0';
    if (!read_status(word, &first) || !read_status(dash ? dash + 1 : word, &last) ||
        first > last)
        return false;
    for (uint64_t i = first; i <= last; i++)
        statuses->are_good[i - HTTP_STATUS_LEAST] = true;
    return true;
}

const char *checking_read_statuses(void *object, struct arena *arena)
{
    struct http_statuses *statuses = object;
    char *text = arena_copy(arena, statuses->text, strlen(statuses->text));
    size_t count = 0;

    statuses->are_good = arena_new(arena, HTTP_STATUSES * sizeof *statuses->are_good);
    for (char *word = strtok_r(text, ", \t", &text); word;
         word = strtok_r(NULL, ", \t", &text), count++)
        if (!read_range(word, statuses))
            return "must be statuses from 100 to 599, such as 200-299, 401";
    return count ? NULL : "a status is missing";
}

static int digit(char letter)
{
    return isdigit((unsigned char)letter) ? letter - '0'
                                          : tolower((unsigned char)letter) - 'a' + 10;
}

/* Two hexadecimal digits; false for anything else. */
static bool read_byte(const char *text, char *byte)
{
    if (!isxdigit((unsigned char)text[0]) || !isxdigit((unsigned char)text[1]))
        return false;
    *byte = (char)(digit(text[0]) * 16 + digit(text[1]));
    return true;
}

/* What stands behind a backslash; NULL for what has no meaning. */
static const char *read_escape(const char *text, char *byte)
{
    static const char letters[] = "rnt0\\\"", bytes[] = "\r\n\t\0\\\"";
    const char *found = *text ? strchr(letters, *text) : NULL;

    if (*text == 'x' && read_byte(text + 1, byte))
        return text + 3;
    if (!found)
        return NULL;
    *byte = bytes[found - letters];
    return text + 1;
}

/* "PING\r\n", with or without the quotes, which keep blanks at the ends. */
static const char *read_quoted(struct check_step *step, const char *text,
                               struct arena *arena)
{
    size_t length = strlen(text);
    const char *end = text + length;
    char *bytes = arena_new(arena, length + 1);
    bool is_quoted = length > 1 && *text == '"' && end[-1] == '"';

    step->bytes = bytes;
    end -= is_quoted;
    for (text += is_quoted; text && text < end; step->length++) {
        if (*text == '\\')
            text = read_escape(text + 1, &bytes[step->length]);
        else
            bytes[step->length] = *text++;
    }
    return text ? NULL
                : "after a backslash comes r, n, t, 0, \\, \" or x with two digits";
}

static const char *read_hex(struct check_step *step, const char *text,
                            struct arena *arena)
{
    char *bytes = arena_new(arena, strlen(text) / 2 + 1);

    step->bytes = bytes;
    for (; *text; text += 2) {
        text += strspn(text, " ");
        if (!read_byte(text, &bytes[step->length++]))
            return "must be hexadecimal digits, two for each byte";
    }
    return NULL;
}

static void forget_regex(void *regex)
{
    regfree(regex);
}

static const char *read_regex(struct check_step *step, const char *text,
                              struct arena *arena)
{
    char trouble[128];
    int error;

    step->regex = arena_new(arena, sizeof *step->regex);
    error = regcomp(step->regex, text, REG_EXTENDED | REG_NEWLINE);
    if (!error) {
        arena_on_end(arena, forget_regex, step->regex);
        return NULL;
    }
    (void)regerror(error, step->regex, trouble, sizeof trouble);
    return arena_format(arena, "is no regular expression: %s", trouble);
}

static const struct step_word {
    const char *word;
    enum check_step_kind kind;
    const char *(*read)(struct check_step *step, const char *text, struct arena *arena);
} step_words[] = {
    { "send", CHECK_STEP_SEND, read_quoted },
    { "send-hex", CHECK_STEP_SEND, read_hex },
    { "expect", CHECK_STEP_EXPECT, read_quoted },
    { "expect-hex", CHECK_STEP_EXPECT, read_hex },
    { "match", CHECK_STEP_MATCH, read_regex },
};

const char *checking_read_step(void *object, struct arena *arena)
{
    struct check_step *step = object;
    size_t length = strcspn(step->text, " \t");
    const char *rest = step->text + length + strspn(step->text + length, " \t");

    for (size_t i = 0; *rest && i < sizeof step_words / sizeof *step_words; i++) {
        const struct step_word *word = &step_words[i];

        if (strlen(word->word) != length || strncmp(word->word, step->text, length) != 0)
            continue;
        step->kind = word->kind;
        return word->read(step, rest, arena);
    }
    return "write send TEXT, send-hex HEX, expect TEXT, expect-hex HEX or match REGEX";
}

const struct section *checking_named(const struct document *document,
                                     const struct section *backend,
                                     const struct check_settings *initial)
{
    const struct entry *entry = document_find_entry(backend, "check");
    const char *word = entry ? entry->value : initial->choice.word;

    if (!word || probe_kind_find(word))
        return NULL;
    return document_find_section(document, "check", word);
}

/* Is it a [check NAME], which can name a kind only? */
static bool is_named(const struct section *section)
{
    return !strcmp(section->kind, "check");
}

static struct place place_of(const struct section *section, const char *key)
{
    const struct entry *entry = document_find_entry(section, key);

    return entry ? entry->place : section->place;
}

static void report_unknown(const struct section *section, const char *word,
                           struct problems *problems)
{
    const char *nearest = text_nearest(word, probe_kind_names());
    struct buffer text = { 0 };

    buffer_format(&text, "check = %s: there is no such check", word);
    if (!is_named(section))
        buffer_format(&text, " and no [check %s]", word);
    if (nearest)
        buffer_format(&text, "; did you mean \"%s\"?", nearest);
    problem_add_at(problems, place_of(section, "check"), "%s", buffer_text(&text));
    buffer_deinit(&text);
}

static bool is_heeded(const struct key *key, const struct check_settings *check)
{
    const struct probe_kind *kind = check->choice.kind;

    return !key->of_check || (kind && strstr(key->of_check, probe_kind_name(kind)));
}

/* Reports what this line cannot be without. */
static void check_entry(const struct entry *entry, const struct backend_rules *rules,
                        struct problems *problems)
{
    const struct key *key = key_find(schema_backend_keys, entry->key);

    if (!key || !entry->value)
        return;
    if (!is_heeded(key, &rules->check))
        problem_add_at(problems, entry->place, "%s: is for `check = %s` only", entry->key,
                       key->of_check);
    if (key->of_server_tls && !rules->backend.server_tls &&
        !check_settings_speak_tls(&rules->check, false))
        problem_add_at(problems, entry->place,
                       "%s = %s: needs \"server-tls = yes\" or \"check-tls = yes\"",
                       entry->key, entry->value);
}

static bool is_off(const char *word)
{
    return !strcmp(word, "off");
}

/* What a kind has nothing to do without. */
static const char *find_missing(const struct check_settings *check)
{
    const char *name = check->choice.kind ? probe_kind_name(check->choice.kind) : "";

    if (!strcmp(name, "expect") && !check->step_count)
        return "check-step";
    if (!strcmp(name, "exec") && !check->command)
        return "check-command";
    return NULL;
}

static void check_kind(const struct section *section, const struct check_settings *check,
                       struct problems *problems)
{
    const char *missing = find_missing(check);
    const char *name = check->choice.kind ? probe_kind_name(check->choice.kind) : "";

    if (missing && !document_find_entry(section, missing) &&
        !strcmp(check->choice.word, name))
        problem_add_at(problems, place_of(section, "check"), "check = %s: needs \"%s\"",
                       name, missing);
    if (document_find_entry(section, "check-tls") && check->tls == CHECK_TLS_NO &&
        check_settings_speak_tls(check, false))
        problem_add_at(problems, place_of(section, "check-tls"),
                       "check-tls = no: `check = %s` is TLS", name);
    if (is_named(section) && (probe_kind_find(section->name) || is_off(section->name)))
        problem_add_at(problems, section->place, "[%s]: this name means a check already",
                       section->title);
}

void checking_resolve(const struct section *section, struct backend_rules *rules,
                      const char *word, struct problems *problems)
{
    struct check_settings *check = &rules->check;

    check->choice.kind = probe_kind_find(word);
    if (!check->choice.kind && !is_off(word)) {
        if (!key_check_name(word))
            report_unknown(section, word, problems);
        return;
    }
    list_each(link, &section->entries)
        check_entry(list_object(link, struct entry, link), rules, problems);
    check_kind(section, check, problems);
}
