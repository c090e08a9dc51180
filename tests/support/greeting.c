/* A connection into memory. */
#include "support/greeting.h"

#include <criterion/criterion.h>

#include <openssl/ssl.h>
#include <stdint.h>
#include <string.h>

enum { HEAD = 5 };

/* OpenSSL's own macro takes const away. */
static long set_name(SSL *ssl, const char *name)
{
    return SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                    (void *)(uintptr_t)name);
}

struct greeting greeting_make(const char *name, const char *alpn)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL *ssl = context ? SSL_new(context) : NULL;
    BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
    struct greeting greeting;
    int length;

    cr_assert(ssl && in && out, "no OpenSSL");
    SSL_set_bio(ssl, in, out);
    if (name)
        cr_assert_eq(set_name(ssl, name), 1);
    if (alpn)
        cr_assert_eq(SSL_set_alpn_protos(ssl, (const unsigned char *)alpn,
                                         (unsigned)strlen(alpn)),
                     0);
    (void)SSL_connect(ssl);
    length = BIO_read(out, greeting.bytes, sizeof greeting.bytes);
    cr_assert_gt(length, HEAD);
    greeting.length = (size_t)length;
    SSL_free(ssl);
    SSL_CTX_free(context);
    return greeting;
}

struct greeting greeting_split(const struct greeting *greeting, size_t size)
{
    struct greeting split = { .length = 0 };

    for (size_t at = HEAD; at < greeting->length;) {
        size_t left = greeting->length - at, part = left < size ? left : size;
        unsigned char *to = split.bytes + split.length;

        cr_assert_leq(split.length + HEAD + part, sizeof split.bytes);
        memcpy(to, greeting->bytes, HEAD - 2);
        to[HEAD - 2] = (unsigned char)(part >> 8);
        to[HEAD - 1] = (unsigned char)part;
        memcpy(to + HEAD, greeting->bytes + at, part);
        split.length += HEAD + part;
        at += part;
    }
    return split;
}
