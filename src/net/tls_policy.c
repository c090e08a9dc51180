#include "net/tls_policy.h"

#include "base/memory.h"
#include "net/client_hello.h"
#include "net/conn_tls.h"
#include "net/tls_names.h"

#include <stdlib.h>
#include <string.h>

static struct tls_choice choose(const struct tls_policy *policy, const char *name)
{
    struct tls_choice choice = { 0 };

    if (name)
        choice = tls_names_find(policy->names, name);
    return choice.count || policy->strict_sni ? choice : policy->usual;
}

/* The context shows the usual ones already. */
static bool show(SSL *ssl, const struct tls_policy *policy,
                 const struct tls_choice *choice)
{
    if (choice->all[0] == policy->usual.all[0])
        return true;
    SSL_certs_clear(ssl);
    for (size_t i = 0; i < choice->count; i++)
        if (!tls_certificate_show(choice->all[i], ssl))
            return false;
    return true;
}

static int refuse(int *alert, int reason)
{
    *alert = reason;
    return SSL_CLIENT_HELLO_ERROR;
}

/* RFC 8446 4.1.2: after a HelloRetryRequest all is asked for once more, and as before. */
static const char *note_name(struct tls_stream *stream, const struct client_hello *hello)
{
    const char *before = stream->name ? stream->name : "";

    if (stream->was_greeted)
        return strcmp(before, hello->name)
                   ? "the client's second greeting asks for another name"
                   : NULL;
    stream->was_greeted = true;
    if (hello->has_name)
        stream->name = strdup(hello->name);
    return hello->has_name && !stream->name ? "out of memory" : NULL;
}

/* Read as a router reads it, which never answers: policy and route mean the same name. */
static const char *take_name(SSL *ssl)
{
    struct client_hello hello = { .has_name = false };
    const unsigned char *extension;
    size_t length;

    if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &extension, &length) &&
        !client_hello_read_name(extension, length, &hello))
        return "the client asked for a malformed name";
    return note_name(conn_tls_of(ssl), &hello);
}

static void blame_lack(struct tls_stream *stream)
{
    if (stream->name)
        conn_tls_blame(stream, "no certificate for the name %s", stream->name);
    else
        conn_tls_blame(stream, "no certificate: no name was asked for");
}

/* Before anything else, a resumption too: all that depends on the name depends on the one
 * in this greeting. */
static int on_greeting(SSL *ssl, int *alert, void *data)
{
    const struct tls_policy *policy = data;
    struct tls_stream *stream = conn_tls_of(ssl);
    const char *objection = take_name(ssl);
    struct tls_choice choice;

    if (objection) {
        conn_tls_blame(stream, "%s", objection);
        return refuse(alert, SSL_AD_DECODE_ERROR);
    }
    choice = choose(policy, stream->name);
    if (!choice.count) {
        blame_lack(stream);
        return refuse(alert, SSL_AD_UNRECOGNIZED_NAME);
    }
    if (!show(ssl, policy, &choice))
        return refuse(alert, SSL_AD_INTERNAL_ERROR);
    return SSL_CLIENT_HELLO_SUCCESS;
}

static int on_protocols(SSL *ssl, const unsigned char **chosen, unsigned char *length,
                        const unsigned char *offered, unsigned offered_length, void *data)
{
    const struct tls_policy *policy = data;
    unsigned char *out = NULL;

    (void)ssl;
    if (SSL_select_next_proto(&out, length, policy->protocols.bytes,
                              policy->protocols.length, offered,
                              offered_length) == OPENSSL_NPN_NEGOTIATED) {
        *chosen = out;
        return SSL_TLSEXT_ERR_OK;
    }
    return policy->alpn_strict ? SSL_TLSEXT_ERR_ALERT_FATAL : SSL_TLSEXT_ERR_NOACK;
}

/* OpenSSL frees the copy. */
static int on_status(SSL *ssl, void *data)
{
    const struct tls_policy *policy = data;
    const struct tls_certificate *shown = tls_names_of_leaf(policy->names,
                                                            SSL_get_certificate(ssl));
    unsigned char *copy;

    if (!shown || !shown->staple)
        return SSL_TLSEXT_ERR_NOACK;
    copy = OPENSSL_memdup(shown->staple, shown->staple_bytes);
    if (!copy)
        return SSL_TLSEXT_ERR_NOACK;
    (void)SSL_set_tlsext_status_ocsp_resp(ssl, copy, (long)shown->staple_bytes);
    return SSL_TLSEXT_ERR_OK;
}

static void destroy(struct tls_policy *policy)
{
    tls_names_destroy(policy->names);
    free(policy->protocols.bytes);
    free(policy);
}

static void on_context_gone(void *context, void *policy, CRYPTO_EX_DATA *all, int index,
                            long number, void *data)
{
    (void)context;
    (void)all;
    (void)index;
    (void)number;
    (void)data;
    if (policy)
        destroy(policy);
}

/* Main asks first, before there are handshakes. */
static int own_index(void)
{
    static int index = -1;

    if (index == -1)
        index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, on_context_gone);
    return index;
}

bool tls_policy_give(SSL_CTX *context, const struct tls_policy *policy)
{
    struct tls_policy *own = memory_new(sizeof *own);

    *own = *policy;
    if (own_index() == -1 || !SSL_CTX_set_ex_data(context, own_index(), own)) {
        destroy(own);
        return false;
    }
    own->usual = tls_names_usual(own->names);
    for (size_t i = 0; i < own->usual.count; i++)
        if (!tls_certificate_show_all(own->usual.all[i], context))
            return false;
    SSL_CTX_set_client_hello_cb(context, on_greeting, own);
    (void)SSL_CTX_set_tlsext_status_cb(context, on_status);
    (void)SSL_CTX_set_tlsext_status_arg(context, own);
    if (own->protocols.bytes)
        SSL_CTX_set_alpn_select_cb(context, on_protocols, own);
    return true;
}
