/* The PROXY header: a new connection always has room for it, so it is one write or
 * none. */
#include "backend/backend.h"
#include "net/proxy_header.h"
#include "net/socket.h"
#include "net/tls.h"
#include "proxy/reach.h"

#include <string.h>

enum { HEADER_BYTES = 4096 };

static bool has_text(const char *text)
{
    return text && *text;
}

static struct proxy_facts facts_of(const struct session *session,
                                   const struct tls_facts *tls)
{
    bool is_tls = !conn_is_plain(&session->to_client);

    return (struct proxy_facts){
        .alpn = has_text(tls->alpn) ? tls->alpn : NULL,
        .name = has_text(tls->name) ? tls->name : NULL,
        .tls_version = is_tls ? tls->version : NULL,
        .cipher = is_tls ? tls->cipher : NULL,
        .client_name = has_text(tls->client_name) ? tls->client_name : NULL,
        .has_certificate = tls->has_certificate,
        .is_verified = tls->is_verified,
        .is_resumed = tls->is_resumed,
    };
}

/* Where the client wanted to go: what a PROXY header announced, or where it came in. */
static struct address destination_of(const struct session *session)
{
    struct address address;
    struct endpoint local;

    if (session->is_announced)
        return endpoint_address(&session->announced);
    if (!socket_local_address(conn_fd(&session->to_client), &address))
        memset(&address, 0, sizeof address);
    local = endpoint_of(&address.as.any);
    return endpoint_address(&local);
}

static bool write_header(struct session *session, unsigned version)
{
    struct tls_facts tls = tls_facts(&session->to_client);
    struct proxy_facts facts = facts_of(session, &tls);
    struct address source = endpoint_address(&session->client);
    struct address destination = destination_of(session);
    unsigned char header[HEADER_BYTES];
    size_t length, put = 0;

    facts.source = &source;
    facts.destination = &destination;
    length = version == SEND_PROXY_V1
                 ? proxy_header_write_v1(&facts, header, sizeof header)
                 : proxy_header_write_v2(&facts, header, sizeof header);
    return length && conn_write(&session->to_server, header, length, &put) == IO_DONE &&
           put == length;
}

bool introduce_client(struct session *session)
{
    unsigned version = session->route->rules->send_proxy;

    return version == SEND_PROXY_NO || write_header(session, version);
}
