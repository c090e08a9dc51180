/* A type is a row: how a value is read, and how it is written again. */
#include "config/key.h"

#include "backend/balancer.h"
#include "base/address.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "config/item.h"
#include "health/check_settings.h"
#include "health/probe.h"
#include "proxy/session.h"

#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

enum { WORDS_MOST = 32, KEYS_MOST = 128, HOST_MOST = 253, PROTOCOL_MOST = 255 };

struct reading {
    const struct key *key;
    const char *text;
    void *field;
    struct arena *arena;
};

static void store_number(const struct reading *reading, uint64_t number)
{
    if (reading->key->size == sizeof(uint64_t))
        *(uint64_t *)reading->field = number;
    else
        *(unsigned *)reading->field = (unsigned)number;
}

static uint64_t load_number(const struct key *key, const void *field)
{
    if (key->size == sizeof(uint64_t))
        return *(const uint64_t *)field;
    return *(const unsigned *)field;
}

/* The limits are written as the value is. */
static const char *read_between(const struct reading *reading,
                                const char *(*read)(const char *text, uint64_t *number))
{
    const struct key *key = reading->key;
    uint64_t number = 0, least = 0, most = 0;
    const char *wrong = read(reading->text, &number);

    if (wrong)
        return wrong;
    ensure(!read(key->least, &least) && !read(key->most, &most));
    if (number < least || number > most)
        return arena_format(reading->arena, "must be %s to %s", key->least, key->most);
    store_number(reading, number);
    return NULL;
}

static const char *read_number(const struct reading *reading)
{
    return read_between(reading, text_read_number);
}

/* `auto` is 0; else as `read` reads it. */
static const char *read_auto_or(const struct reading *reading, const char *what,
                                const char *(*read)(const char *text, uint64_t *number))
{
    const char *wrong;

    if (!strcmp(reading->text, "auto")) {
        store_number(reading, 0);
        return NULL;
    }
    wrong = read_between(reading, read);
    return wrong ? arena_format(reading->arena, "must be auto or a %s, %s to %s", what,
                                reading->key->least, reading->key->most)
                 : NULL;
}

static const char *read_auto(const struct reading *reading)
{
    return read_auto_or(reading, "number", text_read_number);
}

static const char *read_auto_duration(const struct reading *reading)
{
    return read_auto_or(reading, "duration", text_read_duration);
}

static const char *read_duration(const struct reading *reading)
{
    return read_between(reading, text_read_duration);
}

static const char *read_mode(const struct reading *reading)
{
    return read_between(reading, text_read_mode);
}

static const char *read_flag(const struct reading *reading)
{
    return text_read_bool(reading->text, reading->field);
}

static void write_number(const struct key *key, const void *field, struct buffer *out)
{
    buffer_format(out, "%" PRIu64, load_number(key, field));
}

static void write_auto(const struct key *key, const void *field, struct buffer *out)
{
    if (load_number(key, field))
        write_number(key, field, out);
    else
        buffer_add_text(out, "auto");
}

static void write_duration(const struct key *key, const void *field, struct buffer *out)
{
    char text[32];

    buffer_add_text(out, text_of_duration(load_number(key, field), text, sizeof text));
}

static void write_auto_duration(const struct key *key, const void *field,
                                struct buffer *out)
{
    if (load_number(key, field))
        write_duration(key, field, out);
    else
        buffer_add_text(out, "auto");
}

static void write_mode(const struct key *key, const void *field, struct buffer *out)
{
    buffer_format(out, "%04" PRIo64, load_number(key, field));
}

static void write_flag(const struct key *key, const void *field, struct buffer *out)
{
    (void)key;
    buffer_add_text(out, *(const bool *)field ? "yes" : "no");
}

/* All that may be written for a key that takes one of some words. */
static void list_words(const struct key *key, const char *words[WORDS_MOST])
{
    const char *const *known = key->words;
    size_t count = 0;

    if (key->type == KEY_BALANCER)
        known = balancer_names();
    if (key->type == KEY_PROBE)
        known = probe_kind_names();
    for (; known && known[count]; count++) {
        ensure(count < WORDS_MOST - 3);
        words[count] = known[count];
    }
    if (key->type == KEY_PROBE) {
        words[count++] = "off";
        words[count++] = "the name of a [check NAME]";
    }
    words[count] = NULL;
}

static void write_words(const struct key *key, struct buffer *out)
{
    const char *words[WORDS_MOST];

    list_words(key, words);
    for (size_t i = 0; words[i]; i++) {
        if (i)
            buffer_add_text(out, words[i + 1] ? ", " : " or ");
        buffer_add_text(out, words[i]);
    }
}

static const char *wrong_word(const struct reading *reading)
{
    const char *words[WORDS_MOST];
    const char *nearest;
    struct buffer out = { 0 };
    const char *sentence;

    list_words(reading->key, words);
    nearest = text_nearest(reading->text, words);
    buffer_add_text(&out, "must be ");
    write_words(reading->key, &out);
    if (nearest)
        buffer_format(&out, "; did you mean \"%s\"?", nearest);
    sentence = arena_copy(reading->arena, out.bytes, out.length);
    buffer_deinit(&out);
    return sentence;
}

static const char *read_word(const struct reading *reading)
{
    const char *const *words = reading->key->words;

    for (unsigned i = 0; words[i]; i++) {
        if (strcmp(words[i], reading->text))
            continue;
        store_number(reading, i);
        return NULL;
    }
    return wrong_word(reading);
}

static void write_word(const struct key *key, const void *field, struct buffer *out)
{
    buffer_add_text(out, key->words[load_number(key, field)]);
}

static const char *read_balancer(const struct reading *reading)
{
    const struct balancer *balancer = balancer_find(reading->text);

    if (!balancer)
        return wrong_word(reading);
    *(const struct balancer **)reading->field = balancer;
    return NULL;
}

static void write_balancer(const struct key *key, const void *field, struct buffer *out)
{
    (void)key;
    buffer_add_text(out, balancer_name(*(const struct balancer *const *)field));
}

/* Which kind that is can only be said when all is read: it may be a [check NAME]. */
static const char *read_probe(const struct reading *reading)
{
    struct check_choice *choice = reading->field;

    choice->word = reading->text;
    return key_check_name(reading->text);
}

static void write_probe(const struct key *key, const void *field, struct buffer *out)
{
    const struct check_choice *choice = field;

    (void)key;
    buffer_add_text(out, choice->word);
    if (choice->kind && strcmp(probe_kind_name(choice->kind), choice->word) != 0)
        buffer_format(out, " (%s)", probe_kind_name(choice->kind));
}

static const char *read_text(const struct reading *reading)
{
    *(const char **)reading->field = reading->text;
    return NULL;
}

static void write_text(const struct key *key, const void *field, struct buffer *out)
{
    const char *text = *(const char *const *)field;

    (void)key;
    buffer_add_text(out, text ? text : "none");
}

static const char *read_name(const struct reading *reading)
{
    const char *wrong = key_check_name(reading->text);

    return wrong ? wrong : read_text(reading);
}

static const char *read_host(const struct reading *reading)
{
    if (!text_is_name(reading->text) || strlen(reading->text) > HOST_MOST)
        return "the name or IP address of a server is expected, such as db.example.com";
    return read_text(reading);
}

/* Without the blanks around the commas. */
static const char *read_protocols(const struct reading *reading)
{
    char *names = arena_copy(reading->arena, reading->text, strlen(reading->text));
    char *end = names;
    size_t length = 0;

    for (const char *text = reading->text; *text; text++) {
        if (*text == ' ' || *text == '\t')
            continue;
        if (*text == ',' && !length)
            return "a protocol is missing beside a comma";
        length = *text == ',' ? 0 : length + 1;
        if (length > PROTOCOL_MOST)
            return "a protocol has at most 255 characters";
        *end++ = *text;
    }
    *end = '\0';
    *(const char **)reading->field = names;
    return length ? NULL : "a protocol is missing beside a comma";
}

static const char *read_user(const struct reading *reading)
{
    return getpwnam(reading->text) ? read_text(reading) : "there is no such user";
}

static const char *read_group(const struct reading *reading)
{
    return getgrnam(reading->text) ? read_text(reading) : "there is no such group";
}

static const char *read_parsed(const struct reading *reading)
{
    (void)read_text(reading);
    return reading->key->parse(reading->field, reading->arena);
}

static bool is_numeric_address(const char *text)
{
    struct address_parts parts;

    return !address_parse(text, &parts) && parts.kind == ADDRESS_NUMERIC;
}

static bool is_log_target(const char *text)
{
    static const char *const words[] = { "stderr", "stdout", "syslog" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(text, words[i]))
            return true;
    if (!strncmp(text, "syslog:", strlen("syslog:"))) {
        text += strlen("syslog:");
        return *text == '/' || is_numeric_address(text);
    }
    return *text == '/';
}

#define LOG_TARGETS "stderr, stdout, syslog, syslog:/PATH, syslog:IP:PORT or /PATH"

static const char *read_log(const struct reading *reading)
{
    return is_log_target(reading->text) ? read_text(reading) : "must be " LOG_TARGETS;
}

static const struct type {
    const char *name;
    const char *(*read)(const struct reading *reading);
    void (*write)(const struct key *key, const void *field, struct buffer *out);
} types[KEY_TYPES] = {
    [KEY_NUMBER] = { "number", read_number, write_number },
    [KEY_AUTO] = { "auto or a number", read_auto, write_auto },
    [KEY_DURATION] = { "duration", read_duration, write_duration },
    [KEY_AUTO_DURATION] = { "auto or a duration", read_auto_duration,
                            write_auto_duration },
    [KEY_MODE] = { "permissions", read_mode, write_mode },
    [KEY_FLAG] = { "flag", read_flag, write_flag },
    [KEY_BOOL] = { "yes or no", read_flag, write_flag },
    [KEY_WORD] = { "", read_word, write_word },
    [KEY_NAME] = { "name", read_name, write_text },
    [KEY_PATH] = { "path", read_text, write_text },
    [KEY_TEXT] = { "text", read_text, write_text },
    [KEY_HOST] = { "name or IP address", read_host, write_text },
    [KEY_PROTOCOLS] = { "names with commas between", read_protocols, write_text },
    [KEY_ADDRESS] = { "address", read_text, write_text },
    [KEY_USER] = { "user", read_user, write_text },
    [KEY_GROUP] = { "group", read_group, write_text },
    [KEY_PARSED] = { "", read_parsed, write_text },
    [KEY_LOG] = { LOG_TARGETS, read_log, write_text },
    [KEY_BALANCER] = { "", read_balancer, write_balancer },
    [KEY_PROBE] = { "", read_probe, write_probe },
    [KEY_LIST] = { "list", NULL, NULL },
};

const struct key *key_next(const struct key *key)
{
    key++;
    return key->name || !key->more ? key : key->more;
}

const char *key_read(const struct key *key, const char *text, void *object,
                     struct arena *arena)
{
    struct reading reading = { key, text, (char *)object + key->offset, arena };

    return *text ? types[key->type].read(&reading) : "a value is missing";
}

bool key_is_set(const struct key *key, const void *object)
{
    const char *field = (const char *)object + key->offset;
    const char *text;

    if (key->type == KEY_LIST)
        return item_count(key, object);
    if (key->size == sizeof(bool))
        return *(const bool *)(const void *)field;
    ensure(key->type >= KEY_NAME && key->type <= KEY_LOG);
    memcpy(&text, field, sizeof text);
    return text;
}

void key_write(const struct key *key, const void *object, struct buffer *out)
{
    types[key->type].write(key, (const char *)object + key->offset, out);
}

void key_set_initials(const struct key *keys, void *object, struct arena *arena)
{
    for (const struct key *key = keys; key->name; key = key_next(key))
        ensure(!key->initial || !key_read(key, key->initial, object, arena));
}

void key_describe(const struct key *key, struct buffer *out)
{
    buffer_add_text(out, key->form ? key->form : types[key->type].name);
    write_words(key, out);
    if (key->least)
        buffer_format(out, ", %s to %s", key->least, key->most);
}

const struct key *key_find(const struct key *keys, const char *name)
{
    for (const struct key *key = keys; key->name; key = key_next(key))
        if (!strcmp(key->name, name))
            return key;
    return NULL;
}

const struct key *key_nearest(const struct key *keys, const char *name)
{
    const char *names[KEYS_MOST + 1];
    const char *nearest;
    size_t count = 0;

    for (const struct key *key = keys; key->name; key = key_next(key)) {
        ensure(count < KEYS_MOST);
        names[count++] = key->name;
    }
    names[count] = NULL;
    nearest = text_nearest(name, names);
    return nearest ? key_find(keys, nearest) : NULL;
}

const char *key_check_name(const char *text)
{
    if (!text_is_name(text))
        return "a name has only letters, digits and . : _ -";
    if (strlen(text) >= SESSION_NAME_SIZE)
        return "a name is at most 47 characters long";
    /* So other rows of `show stat` are called. */
    if (!strcmp(text, "FRONTEND") || !strcmp(text, "BACKEND"))
        return "write another name than FRONTEND and BACKEND";
    return NULL;
}
