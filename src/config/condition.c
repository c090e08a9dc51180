/* A condition is known by its shape; the first shape that matches reads it. */
#include "config/condition.h"

#include "base/arena.h"
#include "base/text.h"
#include "proxy/route.h"

#include <ctype.h>
#include <string.h>

enum { NAME_MOST = 253, LABEL_MOST = 63, PROTOCOL_MOST = 255 };

#define PROTOCOL "alpn:"

struct reading {
    const char *text;
    struct route_condition *condition;
    struct arena *arena;
};

static const char *const words[] = { "no-name", "no-tls", NULL };
static const enum route_kind kinds_of_words[] = { ROUTE_NO_NAME, ROUTE_NO_TLS };

static bool is_word(const char *text)
{
    for (size_t i = 0; words[i]; i++)
        if (!strcmp(text, words[i]))
            return true;
    return false;
}

static const char *read_word(const struct reading *reading)
{
    for (size_t i = 0; words[i]; i++)
        if (!strcmp(reading->text, words[i]))
            reading->condition->kind = kinds_of_words[i];
    return NULL;
}

static bool is_protocol(const char *text)
{
    return !strncmp(text, PROTOCOL, strlen(PROTOCOL));
}

static const char *read_protocol(const struct reading *reading)
{
    const char *protocol = reading->text + strlen(PROTOCOL);

    if (!*protocol || strchr(protocol, ',') || strlen(protocol) > PROTOCOL_MOST)
        return "one protocol is expected, as in alpn:h2";
    reading->condition->kind = ROUTE_ALPN;
    reading->condition->text = protocol;
    return NULL;
}

static bool is_share(const char *text)
{
    return text[strlen(text) - 1] == '%';
}

static const char *read_share(const struct reading *reading)
{
    uint64_t percent = 0;
    const char *number = arena_copy(reading->arena, reading->text,
                                    strlen(reading->text) - 1);

    if (text_read_number(number, &percent) || percent < 1 || percent > 100)
        return "a share must be 1% to 100%";
    reading->condition->kind = ROUTE_SHARE;
    reading->condition->percent = (unsigned)percent;
    return NULL;
}

static bool is_network(const char *text)
{
    return strpbrk(text, ":/") || !text[strspn(text, "0123456789.")];
}

static const char *read_network(const struct reading *reading)
{
    reading->condition->kind = ROUTE_NETWORK;
    return network_parse(reading->text, &reading->condition->network);
}

static bool has_good_labels(const char *name)
{
    for (;;) {
        size_t length = strcspn(name, ".");

        if (!length || length > LABEL_MOST)
            return false;
        if (!name[length])
            return true;
        name += length + 1;
    }
}

static bool is_good_name(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

    return !name[strspn(name, allowed)] && strlen(name) <= NAME_MOST &&
           has_good_labels(name);
}

static bool is_any(const char *text)
{
    return *text;
}

static const char *read_name(const struct reading *reading)
{
    size_t length = strlen(reading->text);
    bool has_final_dot = reading->text[length - 1] == '.';
    char *name = arena_copy(reading->arena, reading->text, length - has_final_dot);
    bool is_wildcard = !strncmp(name, "*.", 2);
    const char *near = strchr(name, '.') ? NULL : text_nearest(name, words);

    for (char *letter = name; *letter; letter++)
        *letter = (char)tolower((unsigned char)*letter);
    if (near)
        return arena_format(reading->arena, "did you mean \"%s\"?", near);
    if (strchr(name + is_wildcard, '*'))
        return "a * stands for the whole first part of a name, as in *.example.com";
    if (!is_good_name(is_wildcard ? name + 2 : name))
        return "a name is expected, such as example.com or *.example.com";
    reading->condition->kind = ROUTE_NAME;
    reading->condition->text = name;
    return NULL;
}

static const struct shape {
    bool (*matches)(const char *text);
    const char *(*read)(const struct reading *reading);
} shapes[] = {
    { is_word, read_word },   { is_protocol, read_protocol },
    { is_share, read_share }, { is_network, read_network },
    { is_any, read_name },
};

const char *condition_read(const char *text, struct route_condition *condition,
                           struct arena *arena)
{
    const struct reading reading = { text, condition, arena };
    const struct shape *shape = shapes;

    condition->text = text;
    while (!shape->matches(text))
        shape++;
    return shape->read(&reading);
}

bool condition_is_same(const struct route_condition *one,
                       const struct route_condition *other)
{
    if (one->kind != other->kind || one->kind == ROUTE_SHARE)
        return false;
    if (one->kind == ROUTE_NETWORK)
        return !memcmp(&one->network, &other->network, sizeof one->network);
    return !strcmp(one->text, other->text);
}
