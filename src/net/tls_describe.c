#include "net/tls_describe.h"

#include "base/buffer.h"
#include "net/tls_certificate.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

/* Writes a value behind its key, by one of OpenSSL's printers. */
static void add_line(struct buffer *out, const char *key, BIO *value)
{
    char *text = NULL;
    long length = BIO_get_mem_data(value, &text);

    buffer_format(out, "%s: ", key);
    if (length > 0)
        buffer_add(out, text, (size_t)length);
    buffer_add_text(out, "\n");
    (void)BIO_reset(value);
}

static void add_hex(BIO *value, const unsigned char *bytes, unsigned length)
{
    for (unsigned i = 0; i < length; i++)
        (void)BIO_printf(value, "%02X", bytes[i]);
}

static void add_serial(const X509 *leaf, BIO *value)
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(leaf);

    add_hex(value, ASN1_STRING_get0_data(serial), (unsigned)ASN1_STRING_length(serial));
}

/* Separated as dialect's readers expect: "DNS:a.example, IP Address:127.0.0.1". */
static void add_names(const X509 *leaf, BIO *value)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);

    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        if (i)
            (void)BIO_puts(value, ", ");
        (void)GENERAL_NAME_print(value, sk_GENERAL_NAME_value(names, i));
    }
    GENERAL_NAMES_free(names);
}

static void add_algorithm(const EVP_PKEY *key, BIO *value)
{
    const char *kind = EVP_PKEY_get0_type_name(key);

    (void)BIO_printf(value, "%s%d", kind ? kind : "?", EVP_PKEY_get_bits(key));
}

static void add_fingerprint(const X509 *leaf, BIO *value)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;

    if (X509_digest(leaf, EVP_sha1(), digest, &length))
        add_hex(value, digest, length);
}

/* "/C=FR/CN=a.example" */
static void add_name(const X509_NAME *name, BIO *value)
{
    char *text = X509_NAME_oneline(name, NULL, 0);

    if (text)
        (void)BIO_puts(value, text);
    OPENSSL_free(text);
}

static void add_leaf(const struct tls_certificate *certificate, BIO *value,
                     struct buffer *out)
{
    const X509 *leaf = certificate->leaf;

    add_serial(leaf, value);
    add_line(out, "Serial", value);
    (void)ASN1_TIME_print(value, X509_get0_notBefore(leaf));
    add_line(out, "notBefore", value);
    (void)ASN1_TIME_print(value, X509_get0_notAfter(leaf));
    add_line(out, "notAfter", value);
    add_names(leaf, value);
    add_line(out, "Subject Alternative Name", value);
    add_algorithm(certificate->key, value);
    add_line(out, "Algorithm", value);
    add_fingerprint(leaf, value);
    add_line(out, "SHA1 FingerPrint", value);
}

void tls_describe(const struct tls_certificate *certificate, struct buffer *out)
{
    BIO *value = BIO_new(BIO_s_mem());

    if (!value)
        return;
    add_leaf(certificate, value, out);
    add_name(X509_get_subject_name(certificate->leaf), value);
    add_line(out, "Subject", value);
    add_name(X509_get_issuer_name(certificate->leaf), value);
    add_line(out, "Issuer", value);
    for (int i = 0; i < sk_X509_num(certificate->chain); i++) {
        add_name(X509_get_subject_name(sk_X509_value(certificate->chain, i)), value);
        add_line(out, "Chain Subject", value);
        add_name(X509_get_issuer_name(sk_X509_value(certificate->chain, i)), value);
        add_line(out, "Chain Issuer", value);
    }
    BIO_free(value);
    ERR_clear_error();
}
