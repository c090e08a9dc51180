/* What a router may believe of a greeting. Strict where two readers could read two names:
 * whatever is doubtful is malformed, never "no name". */
#include "net/client_hello.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdint.h>
#include <string.h>

enum {
    RECORD_START = 5, /* type, version, length */
    RECORD_MOST = 1 << 14,
    MESSAGE_START = 4, /* type, length */
    TYPE_CLIENT_HELLO = 1,
    RANDOM_LENGTH = 32,
    SESSION_MOST = 32,
    TYPE_HOST_NAME = 0,
};

/* Bytes being read from the front, never beyond their end. */
struct span {
    const unsigned char *at;
    size_t left;
};

/* The handshake message, without the records it came in. */
struct message {
    size_t length;
    unsigned char bytes[CLIENT_HELLO_MOST];
};

static size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

static bool take(struct span *span, size_t length, struct span *part)
{
    *part = (struct span){ span->at, length };
    if (length > span->left)
        return false;
    span->at += length;
    span->left -= length;
    return true;
}

/* A number of `size` bytes. */
static bool take_number(struct span *span, size_t size, size_t *number)
{
    struct span digits;

    *number = 0;
    if (!take(span, size, &digits))
        return false;
    for (size_t i = 0; i < size; i++)
        *number = *number << 8 | digits.at[i];
    return true;
}

/* A part behind its length, which is a number of `size` bytes. */
static bool take_part(struct span *span, size_t size, struct span *part)
{
    size_t length;

    *part = (struct span){ span->at, 0 };
    return take_number(span, size, &length) && take(span, length, part);
}

/* HELLO_FOUND: a whole start of a record, and how many bytes it announces. */
static enum hello_outcome take_record(struct span *arrived, bool is_first, size_t *length)
{
    static const unsigned char handshake[] = { 22, 3 }; /* and any minor version */
    struct span start;

    if (memcmp(arrived->at, handshake, least(arrived->left, sizeof handshake)))
        return is_first ? HELLO_NOT_TLS : HELLO_BROKEN;
    if (!take(arrived, RECORD_START, &start))
        return HELLO_MORE;
    *length = (size_t)start.at[3] << 8 | start.at[4];
    return *length && *length <= RECORD_MOST ? HELLO_FOUND : HELLO_BROKEN;
}

/* `announced` is how long the records say it is, as far as they are known. No message
 * follows a greeting in its last record: the client has to wait for the answer. */
static enum hello_outcome check_message(const struct message *message, size_t announced)
{
    struct span start = { message->bytes, message->length };
    size_t type, length;

    if (!take_number(&start, 1, &type))
        return HELLO_MORE;
    if (type != TYPE_CLIENT_HELLO)
        return HELLO_BROKEN;
    if (!take_number(&start, MESSAGE_START - 1, &length))
        return HELLO_MORE;
    length += MESSAGE_START;
    if (RECORD_START + length > CLIENT_HELLO_MOST || announced > length)
        return HELLO_BROKEN;
    return message->length == length ? HELLO_FOUND : HELLO_MORE;
}

/* At most CLIENT_HELLO_MOST bytes have arrived, so the message cannot overflow. */
static enum hello_outcome gather(struct span arrived, struct message *message)
{
    enum hello_outcome outcome = HELLO_MORE;

    message->length = 0;
    while (outcome == HELLO_MORE && arrived.left) {
        size_t announced;
        struct span part;

        outcome = take_record(&arrived, !message->length, &announced);
        if (outcome != HELLO_FOUND)
            return outcome;
        announced += message->length;
        (void)take(&arrived, least(announced - message->length, arrived.left), &part);
        memcpy(message->bytes + message->length, part.at, part.left);
        message->length += part.left;
        outcome = check_message(message, announced);
    }
    return outcome;
}

static bool is_ip(const char *text)
{
    unsigned char ip[16];

    return inet_pton(AF_INET, text, ip) == 1 || inet_pton(AF_INET6, text, ip) == 1;
}

/* Of labels with dots between. */
static bool is_host(const char *text)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

    return !text[strspn(text, allowed)] && !strstr(text, "..") && *text != '.' &&
           text[strlen(text) - 1] != '.';
}

static bool read_host(struct span host, struct client_hello *hello)
{
    char text[sizeof hello->name];

    if (host.left && host.at[host.left - 1] == '.')
        host.left--;
    if (!host.left || host.left >= sizeof text || memchr(host.at, '\0', host.left))
        return false;
    for (size_t i = 0; i < host.left; i++)
        text[i] = (char)(host.at[i] < 128 ? tolower(host.at[i]) : host.at[i]);
    text[host.left] = '\0';
    if (is_ip(text))
        return true;
    if (!is_host(text))
        return false;
    memcpy(hello->name, text, host.left + 1);
    hello->has_name = true;
    return true;
}

/* One name of each type at most, and one is a host's. */
static bool read_names(struct span extension, struct client_hello *hello)
{
    struct span names, name;
    bool has_seen[256] = { false };
    size_t type;

    if (!take_part(&extension, 2, &names) || extension.left)
        return false;
    while (names.left) {
        if (!take_number(&names, 1, &type) || !take_part(&names, 2, &name))
            return false;
        if (has_seen[type] || (type == TYPE_HOST_NAME && !read_host(name, hello)))
            return false;
        has_seen[type] = true;
    }
    return has_seen[TYPE_HOST_NAME];
}

static bool is_printable(struct span text)
{
    for (size_t i = 0; i < text.left; i++)
        if (text.at[i] <= ' ' || text.at[i] > '~' || text.at[i] == ',')
            return false;
    return true;
}

static void add_protocol(struct span protocol, struct client_hello *hello)
{
    size_t used = strlen(hello->alpn);

    if (!is_printable(protocol) || used + 1 + protocol.left >= sizeof hello->alpn)
        return;
    if (used)
        hello->alpn[used++] = ',';
    memcpy(hello->alpn + used, protocol.at, protocol.left);
    hello->alpn[used + protocol.left] = '\0';
}

static bool read_protocols(struct span extension, struct client_hello *hello)
{
    struct span protocols, protocol;

    if (!take_part(&extension, 2, &protocols) || extension.left || !protocols.left)
        return false;
    while (protocols.left) {
        if (!take_part(&protocols, 1, &protocol) || !protocol.left)
            return false;
        add_protocol(protocol, hello);
    }
    return true;
}

static const struct extension {
    size_t type;
    bool (*read)(struct span extension, struct client_hello *hello);
} known[] = {
    { 0, read_names },
    { 16, read_protocols },
};

static bool read_extension(size_t type, struct span extension, struct client_hello *hello)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].type == type)
            return known[i].read(extension, hello);
    return true;
}

static bool read_extensions(struct span extensions, struct client_hello *hello)
{
    uint8_t has_seen[(UINT16_MAX + 1) / 8] = { 0 };
    struct span extension;
    size_t type;

    while (extensions.left) {
        if (!take_number(&extensions, 2, &type) || !take_part(&extensions, 2, &extension))
            return false;
        if (has_seen[type / 8] >> type % 8 & 1)
            return false;
        has_seen[type / 8] |= (uint8_t)(1 << type % 8);
        if (!read_extension(type, extension, hello))
            return false;
    }
    return true;
}

/* What does not choose a server is only checked for its length: the server judges it. */
static bool read_body(struct span body, struct client_hello *hello)
{
    struct span random, session, suites, methods, extensions;
    size_t version;

    if (!take_number(&body, 2, &version) || version < 0x0300)
        return false;
    if (!take(&body, RANDOM_LENGTH, &random))
        return false;
    if (!take_part(&body, 1, &session) || session.left > SESSION_MOST)
        return false;
    if (!take_part(&body, 2, &suites) || !suites.left || suites.left % 2)
        return false;
    if (!take_part(&body, 1, &methods) || !methods.left)
        return false;
    if (!body.left)
        return true;
    return take_part(&body, 2, &extensions) && !body.left &&
           read_extensions(extensions, hello);
}

enum hello_outcome client_hello_read(const unsigned char *bytes, size_t length,
                                     struct client_hello *hello)
{
    struct span arrived = { bytes, least(length, CLIENT_HELLO_MOST) };
    struct client_hello found = { 0 };
    struct message message;
    enum hello_outcome outcome = gather(arrived, &message);
    struct span body = { message.bytes, message.length };
    struct span start;

    if (outcome == HELLO_MORE && length >= CLIENT_HELLO_MOST)
        return HELLO_BROKEN;
    if (outcome != HELLO_FOUND)
        return outcome;
    if (!take(&body, MESSAGE_START, &start) || !read_body(body, &found))
        return HELLO_BROKEN;
    *hello = found;
    return HELLO_FOUND;
}

bool client_hello_read_name(const unsigned char *extension, size_t length,
                            struct client_hello *hello)
{
    hello->name[0] = '\0';
    hello->has_name = false;
    return read_names((struct span){ extension, length }, hello);
}
