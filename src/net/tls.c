#include "net/tls.h"

#include "base/text.h"
#include "net/conn_tls.h"
#include "net/tls_contexts.h"
#include "net/tls_sessions.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAME_LONGEST = 255,
    ALPN_SIZE = 4 * 255 + 1,
    CLIENT_NAME_SIZE = 4 * 64 + 1, /* 64 characters (RFC 5280 A.1) in UTF-8 */
};

bool tls_accept(struct conn *conn, const struct tls_acceptor *acceptor, unsigned worker)
{
    return conn_tls_begin(conn, tls_acceptor_context(acceptor, worker)) != NULL;
}

static bool is_ip(const char *name)
{
    struct in6_addr address;

    return inet_pton(AF_INET, name, &address) == 1 ||
           inet_pton(AF_INET6, name, &address) == 1;
}

/* Asked for by SNI, and verified; an IP cannot be asked for. */
static bool set_name(SSL *ssl, const char *name)
{
    char bare[NAME_LONGEST + 1];
    int length = snprintf(bare, sizeof bare, "%s", name);

    if (length < 1 || length > NAME_LONGEST)
        return false;
    if (is_ip(name))
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name) == 1;
    if (bare[length - 1] == '.')
        bare[length - 1] = '\0';
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set_tlsext_host_name(ssl, bare) == 1 && SSL_set1_host(ssl, bare) == 1;
}

bool tls_connect(struct conn *conn, const struct tls_connector *connector,
                 unsigned worker, const char *host)
{
    const char *name = tls_connector_name(connector);
    struct tls_stream *stream = conn_tls_begin(conn,
                                               tls_connector_context(connector, worker));

    if (!stream)
        return false;
    stream->is_connector = true;
    stream->name = strdup(host);
    conn->wants = EV_WRITE;
    if (!stream->name || !conn_tls_start(conn) ||
        !set_name(stream->ssl, name ? name : host))
        return false;
    tls_sessions_offer(stream->ssl, host);
    return true;
}

/* OpenSSL does not promise how long its texts live. Most conns have none. */
static const char *keep(const char *text, char **kept)
{
    *kept = strdup(text);
    return *kept ? *kept : "";
}

static const char *alpn_of(struct tls_stream *stream)
{
    const unsigned char *alpn = NULL;
    unsigned length = 0;
    char text[ALPN_SIZE];

    if (stream->alpn)
        return stream->alpn;
    SSL_get0_alpn_selected(stream->ssl, &alpn, &length);
    if (!alpn)
        return "";
    return keep(text_escape((const char *)alpn, length, text, sizeof text),
                &stream->alpn);
}

/* Whole or not at all: what is cut could be somebody else's. */
static void read_common_name(const X509 *certificate, char *text, size_t size)
{
    const X509_NAME *subject = X509_get_subject_name(certificate);
    int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    unsigned char *bytes = NULL;
    int length;

    text[0] = '\0';
    if (at < 0)
        return;
    length = ASN1_STRING_to_UTF8(&bytes, X509_NAME_ENTRY_get_data(
                                             X509_NAME_get_entry(subject, at)));
    if (length > 0 && (size_t)length < size && !memchr(bytes, '\0', (size_t)length))
        (void)snprintf(text, size, "%.*s", length, (const char *)bytes);
    OPENSSL_free(bytes);
    ERR_clear_error();
}

static const char *client_name_of(struct tls_stream *stream)
{
    const X509 *certificate = SSL_get0_peer_certificate(stream->ssl);
    char text[CLIENT_NAME_SIZE];

    if (stream->client_name)
        return stream->client_name;
    if (!certificate || stream->is_connector)
        return "";
    read_common_name(certificate, text, sizeof text);
    return keep(text, &stream->client_name);
}

struct tls_facts tls_facts(struct conn *conn)
{
    struct tls_facts facts = { "", "", "", "", "", false, false, false, false };
    struct tls_stream *stream = conn_tls_stream(conn);

    if (!stream)
        return facts;
    if (stream->name)
        facts.name = stream->name;
    facts.was_heard = stream->arrival.waits ||
                      (stream->ssl && BIO_number_read(SSL_get_rbio(stream->ssl)));
    if (!stream->is_shaken)
        return facts;
    facts.version = SSL_get_version(stream->ssl);
    facts.cipher = SSL_get_cipher_name(stream->ssl);
    facts.alpn = alpn_of(stream);
    facts.client_name = client_name_of(stream);
    facts.is_resumed = SSL_session_reused(stream->ssl) == 1;
    facts.has_certificate = SSL_get0_peer_certificate(stream->ssl) != NULL;
    facts.is_verified = facts.has_certificate &&
                        SSL_get_verify_mode(stream->ssl) & SSL_VERIFY_PEER &&
                        SSL_get_verify_result(stream->ssl) == X509_V_OK;
    return facts;
}

const char *tls_library(void)
{
    return OpenSSL_version(OPENSSL_VERSION);
}
