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

enum { NAME_LONGEST = 255 };

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

static void copy_alpn(SSL *ssl, struct tls_words *words)
{
    const unsigned char *alpn = NULL;
    unsigned length = 0;

    SSL_get0_alpn_selected(ssl, &alpn, &length);
    if (alpn)
        (void)text_escape((const char *)alpn, length, words->alpn, sizeof words->alpn);
}

static void copy_client_name(const X509 *certificate, struct tls_words *words)
{
    const X509_NAME *subject = X509_get_subject_name(certificate);
    int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    unsigned char *bytes = NULL;
    int length;

    if (at < 0)
        return;
    length = ASN1_STRING_to_UTF8(&bytes, X509_NAME_ENTRY_get_data(
                                             X509_NAME_get_entry(subject, at)));
    if (length >= 0)
        (void)text_escape((const char *)bytes, (size_t)length, words->client_name,
                          sizeof words->client_name);
    OPENSSL_free(bytes);
}

/* Made when they are first asked for: most conns never are. */
static const struct tls_words *words_of(struct tls_stream *stream)
{
    static const struct tls_words none;
    const X509 *certificate = SSL_get0_peer_certificate(stream->ssl);

    if (stream->words)
        return stream->words;
    stream->words = calloc(1, sizeof *stream->words);
    if (!stream->words)
        return &none;
    copy_alpn(stream->ssl, stream->words);
    if (certificate && !stream->is_connector)
        copy_client_name(certificate, stream->words);
    ERR_clear_error();
    return stream->words;
}

struct tls_facts tls_facts(struct conn *conn)
{
    struct tls_facts facts = { "", "", "", "", "", false, false, false };
    struct tls_stream *stream = conn_tls_stream(conn);
    const struct tls_words *words;

    if (!stream)
        return facts;
    if (stream->name)
        facts.name = stream->name;
    if (!stream->is_shaken)
        return facts;
    words = words_of(stream);
    facts.version = SSL_get_version(stream->ssl);
    facts.cipher = SSL_get_cipher_name(stream->ssl);
    facts.alpn = words->alpn;
    facts.client_name = words->client_name;
    facts.is_resumed = SSL_session_reused(stream->ssl) == 1;
    facts.has_certificate = SSL_get0_peer_certificate(stream->ssl) != NULL;
    facts.is_verified = facts.has_certificate &&
                        SSL_get_verify_mode(stream->ssl) & SSL_VERIFY_PEER &&
                        SSL_get_verify_result(stream->ssl) == X509_V_OK;
    return facts;
}
