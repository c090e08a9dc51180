/* Strict where a mistake could hide something, and the same answer wherever the bytes
 * are cut: a line is only judged when it is whole. */
#include "web/http_request.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
    OK = 0,
    BAD_REQUEST = 400,
    METHOD_NOT_ALLOWED = 405,
    URI_TOO_LONG = 414,
    HEAD_TOO_LARGE = 431,
    VERSION_NOT_SUPPORTED = 505,
};

/* A piece of what was heard. */
struct piece {
    const char *at;
    size_t length;
};

/* Letters of methods and header names. */
static bool is_token(char letter)
{
    return isalnum((unsigned char)letter) ||
           (letter && strchr("!#$%&'*+-.^_`|~", letter));
}

static bool is_equal(const struct piece *piece, const char *text)
{
    return piece->length == strlen(text) && !memcmp(piece->at, text, piece->length);
}

/* Takes up to the mark, which is dropped. False: there is none. */
static bool take_until(struct piece *rest, char mark, struct piece *taken)
{
    const char *end = memchr(rest->at, mark, rest->length);

    if (!end)
        return false;
    *taken = (struct piece){ rest->at, (size_t)(end - rest->at) };
    rest->at = end + 1;
    rest->length -= taken->length + 1;
    return true;
}

/* A line without its end, which may be LF alone. */
static bool take_line(struct piece *rest, struct piece *line)
{
    if (!take_until(rest, '\n', line))
        return false;
    if (line->length && line->at[line->length - 1] == '\r')
        line->length--;
    return true;
}

/* What stands in no head is told at once, as TLS spoken to this port is. */
static bool has_control(const struct piece *piece, const char *allowed)
{
    for (size_t i = 0; i < piece->length; i++) {
        unsigned char byte = (unsigned char)piece->at[i];

        if ((byte < ' ' || byte == 0x7f) && (!byte || !strchr(allowed, byte)))
            return true;
    }
    return false;
}

static int digit_of(char letter)
{
    static const char digits[] = "0123456789abcdef";
    const char *place = letter ? strchr(digits, tolower((unsigned char)letter)) : NULL;

    return place ? (int)(place - digits) : -1;
}

/* One letter, as itself or as %XX; 0: that is none. */
static unsigned take_letter(struct piece *rest)
{
    unsigned letter = (unsigned char)*rest->at;
    size_t length = 1;

    if (letter == '%') {
        int high = rest->length > 2 ? digit_of(rest->at[1]) : -1;
        int low = rest->length > 2 ? digit_of(rest->at[2]) : -1;

        if (high == -1 || low == -1)
            return 0;
        letter = (unsigned)(high * 16 + low);
        length = 3;
    }
    rest->at += length;
    rest->length -= length;
    return letter > ' ' && letter < 0x7f ? letter : 0;
}

static bool decode(struct piece target, char *out)
{
    while (target.length) {
        unsigned letter = take_letter(&target);

        if (!letter)
            return false;
        *out++ = (char)letter;
    }
    *out = '\0';
    return true;
}

/* "http://host/path": what proxies are asked for, and servers have to understand. */
static void skip_host(struct piece *target)
{
    static const char scheme[] = "http://";
    const size_t length = sizeof scheme - 1;
    const char *slash;

    if (target->length < length || strncasecmp(target->at, scheme, length) != 0)
        return;
    slash = memchr(target->at + length, '/', target->length - length);
    if (!slash)
        return;
    target->length -= (size_t)(slash - target->at);
    target->at = slash;
}

static unsigned read_target(struct piece target, struct http_request *request)
{
    size_t length;

    skip_host(&target);
    if (!target.length || *target.at != '/' || !decode(target, request->path))
        return BAD_REQUEST;
    length = strcspn(request->path, ";?");
    if (!request->path[length])
        return OK;
    (void)snprintf(request->options, sizeof request->options, "%s",
                   request->path + length + 1);
    request->path[length] = '\0';
    return OK;
}

static unsigned read_version(const struct piece *version, bool *is_old)
{
    static const char form[] = "HTTP/";
    const char *text = version->at;

    if (version->length != 8 || memcmp(text, form, 5) != 0 || text[6] != '.' ||
        !isdigit((unsigned char)text[5]) || !isdigit((unsigned char)text[7]))
        return BAD_REQUEST;
    *is_old = text[7] == '0';
    return text[5] == '1' ? OK : VERSION_NOT_SUPPORTED;
}

static unsigned read_method(const struct piece *method, struct http_request *request)
{
    if (!method->length)
        return BAD_REQUEST;
    for (size_t i = 0; i < method->length; i++)
        if (!is_token(method->at[i]))
            return BAD_REQUEST;
    request->is_head = is_equal(method, "HEAD");
    return request->is_head || is_equal(method, "GET") ? OK : METHOD_NOT_ALLOWED;
}

/* "GET /path HTTP/1.1" */
static unsigned read_first_line(struct piece line, struct http_request *request,
                                bool *is_old)
{
    struct piece method, target;
    unsigned status, of_method;

    if (has_control(&line, ""))
        return BAD_REQUEST;
    if (line.length > HTTP_LINE_MOST)
        return URI_TOO_LONG;
    if (!take_until(&line, ' ', &method) || !take_until(&line, ' ', &target))
        return BAD_REQUEST;
    of_method = read_method(&method, request);
    if (of_method == BAD_REQUEST)
        return of_method;
    status = read_version(&line, is_old);
    if (status != OK || of_method != OK)
        return status != OK ? status : of_method;
    return read_target(target, request);
}

/* "Name: value"; a line that begins with a blank would go on with the one before. */
static unsigned read_header(struct piece line, size_t *hosts)
{
    static const char host[] = "host";
    struct piece name;

    if (has_control(&line, "\t") || !take_until(&line, ':', &name) || !name.length)
        return BAD_REQUEST;
    for (size_t i = 0; i < name.length; i++)
        if (!is_token(name.at[i]))
            return BAD_REQUEST;
    *hosts += name.length == sizeof host - 1 && !strncasecmp(name.at, host, name.length);
    return OK;
}

/* False: the end is not here yet. */
static bool read_headers(struct piece *rest, bool is_old, struct http_request *request)
{
    size_t hosts = 0;
    struct piece line;

    while (take_line(rest, &line)) {
        if (!line.length) {
            if (hosts > 1 || (!hosts && !is_old))
                request->status = BAD_REQUEST;
            return true;
        }
        request->status = read_header(line, &hosts);
        if (request->status != OK)
            return true;
    }
    return false;
}

static bool fail(struct http_request *request, unsigned status)
{
    request->status = status;
    return true;
}

/* Of a line that is not whole: can it still become a good one? */
static bool read_rest(const struct piece *rest, bool is_full,
                      struct http_request *request)
{
    if (has_control(rest, "\t\r"))
        return fail(request, BAD_REQUEST);
    return is_full && fail(request, HEAD_TOO_LARGE);
}

static void skip_empty_lines(struct piece *rest)
{
    while (rest->length && strchr("\r\n", *rest->at)) {
        rest->at++;
        rest->length--;
    }
}

bool http_request_read(const char *bytes, size_t length, struct http_request *request)
{
    bool is_full = length > HTTP_HEAD_MOST, is_old = false;
    struct piece rest = { bytes, is_full ? HTTP_HEAD_MOST : length };
    struct piece line;

    *request = (struct http_request){ 0 };
    skip_empty_lines(&rest);
    if (!take_line(&rest, &line)) {
        if (rest.length > HTTP_LINE_MOST + 1 && !has_control(&rest, "\t\r"))
            return fail(request, URI_TOO_LONG);
        return read_rest(&rest, is_full, request);
    }
    request->status = read_first_line(line, request, &is_old);
    if (request->status != OK || read_headers(&rest, is_old, request))
        return true;
    return read_rest(&rest, is_full, request);
}

static void copy(char *to, size_t size, const char *from, size_t length)
{
    if (length >= size)
        length = size - 1;
    memcpy(to, from, length);
    to[length] = '\0';
}

bool http_request_option(const struct http_request *request, size_t *at,
                         struct http_option *option)
{
    const char *text = request->options + *at;
    size_t length, name;

    text += strspn(text, ";&?/");
    length = strcspn(text, ";&?");
    if (!length)
        return false;
    *at = (size_t)(text + length - request->options);
    name = strcspn(text, "=");
    if (name > length)
        name = length;
    copy(option->name, sizeof option->name, text, name);
    if (name < length)
        name++;
    copy(option->value, sizeof option->value, text + name, length - name);
    return true;
}

bool http_request_has(const struct http_request *request, const char *name)
{
    struct http_option option;
    size_t at = 0;

    while (http_request_option(request, &at, &option))
        if (!strcmp(option.name, name))
            return true;
    return false;
}
