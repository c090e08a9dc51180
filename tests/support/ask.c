/* What tests want to know of a running usher: its admin socket's answers and its log. */
#include "support/usher.h"

#include "support/client.h"
#include "support/kept.h"
#include "support/patience.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MOST = 160, TEXTS_MOST = 8 };

const char *usher_try_admin(struct usher *usher, const char *line)
{
    struct client *client = client_try(usher_admin_address(usher));
    const char *answer;

    if (!client)
        return NULL;
    client_say(client, kept_format("%s\n", line));
    answer = client_hear_all(client);
    client_close(client);
    return answer;
}

const char *usher_admin(struct usher *usher, const char *format, ...)
{
    char *line = NULL;
    const char *answer;
    va_list arguments;

    va_start(arguments, format);
    cr_assert_neq(vasprintf(&line, format, arguments), -1, "no memory");
    va_end(arguments);
    answer = usher_try_admin(usher, kept_text(line));
    cr_assert(answer, "nobody answers \"%s\"", line);
    return answer;
}

/* The n-th line of a text, from 0, without LF; NULL when there are less. */
static const char *line_of(const char *text, size_t number)
{
    while (number-- > 0) {
        text = strchr(text, '\n');
        if (!text++)
            return NULL;
    }
    return *text ? kept_format("%.*s", (int)strcspn(text, "\n"), text) : NULL;
}

const char *usher_address(struct usher *usher, const char *frontend, unsigned number)
{
    const char *listeners = usher_admin(usher, "show listeners"), *line;

    for (size_t i = 1; (line = line_of(listeners, i)); i++) {
        size_t length = strlen(frontend);

        if (strncmp(line, frontend, length) == 0 && line[length] == ' ' && number-- == 0)
            return line + length + 1;
    }
    return "";
}

unsigned usher_port(struct usher *usher, const char *frontend)
{
    const char *colon = strrchr(usher_address(usher, frontend, 0), ':');

    cr_assert(colon, "%s has no port", frontend);
    return (unsigned)atoi(colon + 1);
}

/* Cuts a line at its commas, in place. */
static size_t split(char *line, const char **fields)
{
    size_t count = 0;

    for (char *rest = line; rest && count < COLUMNS_MOST;)
        fields[count++] = strsep(&rest, ",");
    return count;
}

static const char *pick(const char *header, const char *line, const char *column)
{
    const char *names[COLUMNS_MOST], *values[COLUMNS_MOST];
    char *name_text = strdup(header), *value_text = strdup(line);
    size_t names_count = split(name_text, names),
           values_count = split(value_text, values);

    (void)kept_text(name_text);
    (void)kept_text(value_text);
    for (size_t i = 0; i < names_count && i < values_count; i++) {
        if (strcmp(names[i], column) == 0)
            return values[i];
    }
    return NULL;
}

const char *usher_stat(struct usher *usher, const char *proxy, const char *row,
                       const char *column)
{
    const char *stat = usher_admin(usher, "show stat"), *line, *value;
    const char *wanted = kept_format("%s,%s,", proxy, row), *header = line_of(stat, 0);

    cr_assert(header && strncmp(header, "# ", 2) == 0, "no header: %.100s", stat);
    for (size_t i = 1; (line = line_of(stat, i)); i++) {
        if (strncmp(line, wanted, strlen(wanted)) != 0)
            continue;
        value = pick(header + 2, line, column);
        cr_assert(value, "no column %s", column);
        return value;
    }
    cr_assert_fail("no row %s in %s", wanted, stat);
    return "";
}

uint64_t usher_count(struct usher *usher, const char *proxy, const char *row,
                     const char *column)
{
    return strtoull(usher_stat(usher, proxy, row, column), NULL, 10);
}

bool usher_stat_is(struct usher *usher, const char *proxy_row, const char *column,
                   const char *text)
{
    const char *slash = strchr(proxy_row, '/');
    const char *proxy = kept_format("%.*s", (int)(slash - proxy_row), proxy_row);

    return strcmp(usher_stat(usher, proxy, slash + 1, column), text) == 0;
}

const char *usher_info(struct usher *usher, const char *key)
{
    const char *info = usher_admin(usher, "show info"), *line;
    size_t length = strlen(key);

    for (size_t i = 0; (line = line_of(info, i)); i++) {
        if (strncmp(line, key, length) == 0 && line[length] == ':')
            return line + length + 1 + (line[length + 1] == ' ');
    }
    return "";
}

uint64_t usher_sessions(struct usher *usher)
{
    return strtoull(usher_info(usher, "CurrConns"), NULL, 10);
}

static bool has_all(const char *line, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!strstr(line, texts[i]))
            return false;
    }
    return true;
}

const char *usher_logged(struct usher *usher, ...)
{
    const char *texts[TEXTS_MOST], *text, *log = usher_log(usher);
    size_t count = 0;
    va_list arguments;

    va_start(arguments, usher);
    while (count < TEXTS_MOST && (text = va_arg(arguments, const char *)))
        texts[count++] = text;
    va_end(arguments);
    for (const char *line = log; *line; line += strspn(line, "\n")) {
        size_t length = strcspn(line, "\n");
        const char *copy = kept_format("%.*s", (int)length, line);

        if (has_all(copy, texts, count))
            return copy;
        line += length;
    }
    return NULL;
}

unsigned usher_log_count(struct usher *usher, const char *text)
{
    const char *log = usher_log(usher);
    unsigned count = 0;

    for (const char *found = strstr(log, text); found; found = strstr(found, text)) {
        count++;
        found += strcspn(found, "\n");
    }
    return count;
}
