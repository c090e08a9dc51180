/* One address language, several uses: each takes only the kinds that make sense for
 * it. */
#include "config/destination.h"

#include "config/settings.h"

#include <arpa/inet.h>
#include <string.h>

const char *destination_of_bind(void *object)
{
    struct bind_settings *bind = object;
    const char *wrong = address_parse(bind->text, &bind->where);

    if (!wrong && bind->where.kind == ADDRESS_NAME)
        return "a numeric address is needed, such as 127.0.0.1:80, [::1]:80 or :80";
    return wrong;
}

const char *destination_of_server(void *object)
{
    struct server_settings *server = object;
    struct address_parts *destination = &server->destination;
    const char *wrong = address_parse(server->text, destination);
    bool is_local = destination->address.length &&
                    destination->address.as.any.sa_family == AF_UNIX;

    if (wrong)
        return wrong;
    if (destination->kind == ADDRESS_DESCRIPTOR)
        return "a server cannot be a descriptor";
    return destination->port || is_local ? NULL
                                         : "the port of a server must be 1 to 65535";
}

const char *destination_of_track(void *object, struct arena *arena)
{
    const char *text = *(const char **)object, *slash = strchr(text, '/');

    (void)arena;
    if (!slash || slash == text || !slash[1] || strchr(slash + 1, '/'))
        return "write BACKEND/SERVER";
    return NULL;
}

bool destination_is_path(const void *item)
{
    return !((const struct admin_socket_settings *)item)->address.length;
}

static bool is_loopback(const struct address *address)
{
    if (address->as.any.sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&address->as.ip6.sin6_addr);
    return address->as.any.sa_family == AF_INET &&
           ntohl(address->as.ip4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

/* Nobody is asked for a password there: the level is low unless it is said. */
static const char *read_tcp(struct admin_socket_settings *socket)
{
    struct address_parts parts;

    if (address_parse(socket->path, &parts) || parts.kind != ADDRESS_NUMERIC ||
        parts.address.as.any.sa_family == AF_UNIX)
        return "write a path that begins with /, or 127.0.0.1:PORT or [::1]:PORT";
    if (!is_loopback(&parts.address))
        return "others than this host could reach it, and nobody is asked for a "
               "password: use 127.0.0.1 or ::1";
    socket->address = parts.address;
    socket->level = ADMIN_LEVEL_USER;
    return NULL;
}

const char *destination_of_socket(void *object)
{
    struct admin_socket_settings *socket = object;

    if (*socket->path != '/')
        return read_tcp(socket);
    if (strlen(socket->path) >= sizeof((struct sockaddr_un *)0)->sun_path)
        return "the path of a UNIX socket is longer than 107 characters";
    return NULL;
}

const char *destination_of_http(void *object)
{
    const struct bind_settings *bind = object;
    const char *wrong = destination_of_bind(object);

    if (wrong)
        return wrong;
    if (bind->where.kind == ADDRESS_DESCRIPTOR)
        return "a descriptor cannot be used for HTTP";
    if (*bind->text == ':' || *bind->text == '*')
        return "say which address: 127.0.0.1:8404, or 0.0.0.0:8404 to let everybody see";
    return NULL;
}

const char *destination_of_source(void *object)
{
    struct source_settings *source = object;
    struct address *address = &source->address;

    *address = (struct address){ .length = 0 };
    if (inet_pton(AF_INET, source->text, &address->as.ip4.sin_addr) == 1) {
        address->as.any.sa_family = AF_INET;
        address->length = sizeof address->as.ip4;
        return NULL;
    }
    if (inet_pton(AF_INET6, source->text, &address->as.ip6.sin6_addr) == 1) {
        address->as.any.sa_family = AF_INET6;
        address->length = sizeof address->as.ip6;
        return NULL;
    }
    return "an IP address without a port is expected, such as 192.0.2.1 or 2001:db8::1";
}

static bool is_of_family(const struct bind_settings *bind, int family)
{
    const struct address *address = &bind->where.address;

    return address->length && address->as.any.sa_family == family;
}

bool destination_is_ip6(const void *object)
{
    return is_of_family(object, AF_INET6);
}

bool destination_is_local(const void *object)
{
    return is_of_family(object, AF_UNIX);
}
