/* The one place that knows how an address is written. What a person may have meant by a
 * wrong one decides the sentence that comes back. */
#include "base/address.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <limits.h>
#include <net/if.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { PATH_MOST = sizeof((struct sockaddr_un *)0)->sun_path - 1, LABEL_MOST = 63 };

static const char digits[] = "0123456789";
static const char of_names[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789-._";

static const char *parse_port(const char *text, uint16_t *port)
{
    uint64_t number;

    if (!*text)
        return "a port is missing: write HOST:PORT";
    if (text_read_number(text, &number) || number > UINT16_MAX)
        return "the port must be 0 to 65535";
    *port = (uint16_t)number;
    return NULL;
}

static const char *parse_descriptor(const char *text, struct address_parts *parts)
{
    uint64_t number;

    if (text_read_number(text, &number) || number > INT_MAX)
        return "the descriptor must be a number: fd@3";
    parts->kind = ADDRESS_DESCRIPTOR;
    parts->fd = (int)number;
    return NULL;
}

static const char *parse_path(const char *text, struct address_parts *parts)
{
    struct sockaddr_un *local = &parts->address.as.local;
    size_t length = strlen(text);
    bool is_abstract = *text == '@';

    if ((!is_abstract && *text != '/') || length < 2)
        return "a UNIX socket is written unix:/path or unix:@name";
    if (length > PATH_MOST)
        return "the path of a UNIX socket is longer than 107 characters";
    local->sun_family = AF_UNIX;
    memcpy(local->sun_path, text, length + 1);
    if (is_abstract)
        local->sun_path[0] = '\0';
    else
        length++; /* an abstract name has no end mark, a path has one */
    parts->address.length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    return NULL;
}

static int family_of(const struct address *address)
{
    return address->length ? address->as.any.sa_family : AF_UNSPEC;
}

static void set_ip6(struct address *address, const struct in6_addr *ip, uint32_t scope)
{
    address->length = sizeof address->as.ip6;
    address->as.ip6.sin6_family = AF_INET6;
    address->as.ip6.sin6_addr = *ip;
    address->as.ip6.sin6_scope_id = scope;
}

static const char *parse_scope(const char *text, uint32_t *scope)
{
    uint64_t number;

    *scope = if_nametoindex(text);
    if (*scope)
        return NULL;
    if (text_read_number(text, &number) || !number || number > UINT32_MAX)
        return "there is no network interface of the name after %";
    *scope = (uint32_t)number;
    return NULL;
}

/* What stands between the brackets. */
static const char *parse_ip6(char *text, struct address *address)
{
    struct in6_addr ip;
    uint32_t scope = 0;
    char *percent = strchr(text, '%');
    const char *wrong = NULL;

    if (percent) {
        *percent = '\0';
        wrong = parse_scope(percent + 1, &scope);
    }
    if (inet_pton(AF_INET6, text, &ip) != 1)
        return "what is in brackets must be an IPv6 address: [::1]:80";
    if (!wrong)
        set_ip6(address, &ip, scope);
    return wrong;
}

static const char *parse_brackets(const char *text, struct address_parts *parts)
{
    char inside[INET6_ADDRSTRLEN + IF_NAMESIZE];
    size_t length = strcspn(text, "]");
    const char *wrong;

    if (!text[length])
        return "a closing bracket is missing: write [::1]:80";
    if (text[length + 1] != ':')
        return "a port is missing: write [::1]:80";
    if (length >= sizeof inside)
        return "what is in brackets must be an IPv6 address: [::1]:80";
    memcpy(inside, text, length);
    inside[length] = '\0';
    wrong = parse_ip6(inside, &parts->address);
    return wrong ? wrong : parse_port(text + length + 2, &parts->port);
}

static const char *parse_name(struct address_parts *parts)
{
    const char *label = parts->host;

    if (*label == '-')
        return "a host name does not begin with a hyphen";
    while (*label) {
        size_t length = strcspn(label, ".");

        if (!length)
            return "a host name has nothing between two dots";
        if (length > LABEL_MOST)
            return "a part of the host name is longer than 63 characters";
        label += length + (label[length] == '.');
    }
    parts->kind = ADDRESS_NAME;
    return NULL;
}

static bool is_of(const char *text, const char *allowed)
{
    return !text[strspn(text, allowed)];
}

/* A name of digits and dots alone was meant to be an IPv4 address. */
static const char *read_host(struct address_parts *parts)
{
    struct sockaddr_in *ip4 = &parts->address.as.ip4;
    struct in_addr ip;

    if (!*parts->host || !strcmp(parts->host, "*")) {
        set_ip6(&parts->address, &in6addr_any, 0);
        return NULL;
    }
    if (inet_pton(AF_INET, parts->host, &ip) == 1) {
        parts->address.length = sizeof *ip4;
        ip4->sin_family = AF_INET;
        ip4->sin_addr = ip;
        return NULL;
    }
    if (is_of(parts->host, "0123456789."))
        return "an IPv4 address has four numbers from 0 to 255: 127.0.0.1:80";
    if (!is_of(parts->host, of_names))
        return "a host name has only letters, digits, hyphens, dots and underscores";
    return parse_name(parts);
}

static const char *parse_host(const char *text, struct address_parts *parts)
{
    size_t length = strcspn(text, ":");
    const char *wrong;

    if (*text == '/')
        return "a UNIX socket is written unix:/path or unix:@name";
    if (!text[length])
        return is_of(text, digits) && *text
                   ? "a colon is missing: write :PORT for a port of every address"
                   : "a port is missing: write HOST:PORT";
    if (strchr(text + length + 1, ':'))
        return "an IPv6 address goes into brackets: [::1]:80";
    if (length > 253)
        return "a host name is longer than 253 characters";
    memcpy(parts->host, text, length);
    wrong = read_host(parts);
    return wrong ? wrong : parse_port(text + length + 1, &parts->port);
}

static const struct form {
    const char *prefix;
    const char *(*parse)(const char *rest, struct address_parts *parts);
} forms[] = {
    { "fd@", parse_descriptor },
    { "unix:", parse_path },
    { "[", parse_brackets },
    { "", parse_host },
};

const char *address_parse(const char *text, struct address_parts *parts)
{
    const struct form *form = forms;
    const char *wrong;

    *parts = (struct address_parts){ .kind = ADDRESS_NUMERIC, .fd = -1 };
    while (strncmp(text, form->prefix, strlen(form->prefix)))
        form++;
    wrong = form->parse(text + strlen(form->prefix), parts);
    if (wrong)
        return wrong;
    address_set_port(&parts->address, parts->port);
    if (parts->kind != ADDRESS_NAME)
        parts->host[0] = '\0';
    return NULL;
}

static void write_ip6(const struct sockaddr_in6 *ip6, struct address_text *text)
{
    char name[IF_NAMESIZE];
    char ip[INET6_ADDRSTRLEN];

    (void)inet_ntop(AF_INET6, &ip6->sin6_addr, ip, sizeof ip);
    if (!ip6->sin6_scope_id)
        (void)snprintf(text->chars, sizeof text->chars, "%s", ip);
    else if (if_indextoname(ip6->sin6_scope_id, name))
        (void)snprintf(text->chars, sizeof text->chars, "%s%%%s", ip, name);
    else
        (void)snprintf(text->chars, sizeof text->chars, "%s%%%u", ip, ip6->sin6_scope_id);
}

/* The kernel tells paths with and without the NUL behind them. */
static size_t path_length(const struct address *address)
{
    size_t start = offsetof(struct sockaddr_un, sun_path);
    size_t length = address->length > start ? address->length - start : 0;

    if (length && address->as.local.sun_path[0])
        length = strnlen(address->as.local.sun_path, length);
    return length;
}

static void write_path(const struct address *address, struct address_text *text)
{
    size_t length = path_length(address);

    memcpy(text->chars, address->as.local.sun_path, length);
    text->chars[length] = '\0';
    if (length && !text->chars[0])
        text->chars[0] = '@';
}

struct address_text address_host(const struct address *address)
{
    struct address_text text = { "none" };
    int family = family_of(address);

    if (family == AF_INET)
        (void)inet_ntop(AF_INET, &address->as.ip4.sin_addr, text.chars,
                        sizeof text.chars);
    if (family == AF_INET6)
        write_ip6(&address->as.ip6, &text);
    if (family == AF_UNIX)
        write_path(address, &text);
    return text;
}

struct address_text address_text(const struct address *address)
{
    static const struct {
        int family;
        const char *before, *after;
    } shapes[] = { { AF_INET, "", ":" },
                   { AF_INET6, "[", "]:" },
                   { AF_UNIX, "unix:", "" } };
    struct address_text host = address_host(address);
    struct address_text text = host;
    int family = family_of(address);

    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        char port[8] = "";

        if (shapes[i].family != family)
            continue;
        if (family != AF_UNIX)
            (void)snprintf(port, sizeof port, "%u", address_port(address));
        (void)snprintf(text.chars, sizeof text.chars, "%s%.*s%s%s", shapes[i].before,
                       PATH_MOST + 1, host.chars, shapes[i].after, port);
    }
    return text;
}

uint16_t address_port(const struct address *address)
{
    int family = family_of(address);

    if (family == AF_INET)
        return ntohs(address->as.ip4.sin_port);
    if (family == AF_INET6)
        return ntohs(address->as.ip6.sin6_port);
    return 0;
}

void address_set_port(struct address *address, uint16_t port)
{
    int family = family_of(address);

    if (family == AF_INET)
        address->as.ip4.sin_port = htons(port);
    if (family == AF_INET6)
        address->as.ip6.sin6_port = htons(port);
}

static bool is_same_path(const struct address *one, const struct address *other)
{
    size_t length = path_length(one);

    return length == path_length(other) &&
           !memcmp(one->as.local.sun_path, other->as.local.sun_path, length);
}

bool address_is_equal(const struct address *one, const struct address *other)
{
    const struct sockaddr_in6 *left = &one->as.ip6, *right = &other->as.ip6;

    if (!one->length || !other->length)
        return one->length == other->length;
    if (one->as.any.sa_family != other->as.any.sa_family)
        return false;
    if (one->as.any.sa_family == AF_UNIX)
        return is_same_path(one, other);
    if (address_port(one) != address_port(other))
        return false;
    if (one->as.any.sa_family == AF_INET)
        return one->as.ip4.sin_addr.s_addr == other->as.ip4.sin_addr.s_addr;
    return left->sin6_scope_id == right->sin6_scope_id &&
           !memcmp(&left->sin6_addr, &right->sin6_addr, sizeof left->sin6_addr);
}
