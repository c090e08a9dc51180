/* Certificates made by the tests themselves, as files in a folder that goes with them. */
#pragma once

#include "base/buffer.h"
#include "base/problem.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { DAY = 24 * 60 * 60 };

struct identity {
    X509 *certificate;
    EVP_PKEY *key;
};

/* What is asked of the authority. */
struct wish {
    const char *subject;           /* common name; NULL: none */
    int subject_length;            /* 0: up to its NUL */
    const char *names;             /* "DNS:a,IP:127.0.0.1"; NULL: none */
    const struct identity *issuer; /* NULL: it signs itself, and others */
    long from_day, to_day;         /* from now; 0 and 0: today and ten days */
    int rsa_bits;                  /* 0: P-256 */
};

static char folder[64];

static inline void make_folder(void)
{
    (void)snprintf(folder, sizeof folder, "/tmp/usher-tls-XXXXXX");
    cr_assert(mkdtemp(folder));
}

static inline void remove_folder(void)
{
    struct dirent *entry;
    DIR *all = opendir(folder);
    char path[512];

    while ((entry = readdir(all))) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.')
            (void)unlink(path);
    }
    (void)closedir(all);
    (void)rmdir(folder);
}

/* Good until 63 others were asked for. */
static inline const char *in_folder(const char *name)
{
    static char paths[64][128];
    static unsigned turn;
    char *path = paths[turn++ % 64];

    (void)snprintf(path, sizeof *paths, "%s/%s", folder, name);
    return path;
}

static inline void add_extension(X509 *certificate, int id, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, id, value);

    cr_assert(extension);
    cr_assert(X509_add_ext(certificate, extension, -1));
    X509_EXTENSION_free(extension);
}

static inline struct identity make_identity(const struct wish *wish)
{
    static long serial = 1;
    struct identity made = { X509_new(), wish->rsa_bits ? EVP_RSA_gen(wish->rsa_bits)
                                                        : EVP_EC_gen("P-256") };
    const struct identity *issuer = wish->issuer ? wish->issuer : &made;
    X509_NAME *subject = X509_get_subject_name(made.certificate);

    X509_set_version(made.certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.certificate), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(made.certificate),
                    wish->from_day * DAY - DAY / 2);
    X509_gmtime_adj(X509_getm_notAfter(made.certificate),
                    (wish->to_day ? wish->to_day : 10) * DAY);
    if (wish->subject)
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                   (const unsigned char *)wish->subject,
                                   wish->subject_length ? wish->subject_length : -1, -1,
                                   0);
    X509_set_issuer_name(made.certificate, X509_get_subject_name(issuer->certificate));
    X509_set_pubkey(made.certificate, made.key);
    if (!wish->issuer)
        add_extension(made.certificate, NID_basic_constraints, "critical,CA:TRUE");
    if (wish->names)
        add_extension(made.certificate, NID_subject_alt_name, wish->names);
    cr_assert(X509_sign(made.certificate, issuer->key, EVP_sha256()));
    return made;
}

static inline void drop_identity(struct identity *identity)
{
    X509_free(identity->certificate);
    EVP_PKEY_free(identity->key);
}

static inline FILE *create_file(const char *name)
{
    FILE *file = fopen(in_folder(name), "w");

    cr_assert(file);
    return file;
}

static inline const char *write_text(const char *name, const char *text)
{
    FILE *file = create_file(name);

    (void)fputs(text, file);
    (void)fclose(file);
    return in_folder(name);
}

static inline const char *write_certificate(const char *name, const struct identity *of)
{
    FILE *file = create_file(name);

    cr_assert(PEM_write_X509(file, of->certificate));
    (void)fclose(file);
    return in_folder(name);
}

static inline const char *write_key(const char *name, const struct identity *of,
                                    const char *passphrase)
{
    FILE *file = create_file(name);

    cr_assert(PEM_write_PrivateKey(file, of->key, passphrase ? EVP_aes_128_cbc() : NULL,
                                   (const unsigned char *)passphrase,
                                   passphrase ? (int)strlen(passphrase) : 0, NULL, NULL));
    (void)fclose(file);
    return in_folder(name);
}

static inline const char *write_both(const char *name, const struct identity *of)
{
    FILE *file = create_file(name);

    cr_assert(PEM_write_PrivateKey(file, of->key, NULL, NULL, 0, NULL, NULL));
    cr_assert(PEM_write_X509(file, of->certificate));
    (void)fclose(file);
    return in_folder(name);
}

/* Makes it, and writes it with its key. */
static inline const char *issue(const char *name, const struct wish *wish)
{
    struct identity made = make_identity(wish);
    const char *path = write_both(name, &made);

    drop_identity(&made);
    return path;
}

/* Which of the issuer's certificates is revoked; NULL: none. Good up to that day. */
static inline const char *write_crl_until(int day, const char *name,
                                          const struct identity *issuer, X509 *revoked)
{
    X509_CRL *crl = X509_CRL_new();
    ASN1_TIME *when = X509_gmtime_adj(NULL, -30 * DAY);
    FILE *file = create_file(name);

    X509_CRL_set_version(crl, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer->certificate));
    X509_CRL_set1_lastUpdate(crl, when);
    if (revoked) {
        X509_REVOKED *entry = X509_REVOKED_new();

        X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(revoked));
        X509_REVOKED_set_revocationDate(entry, when);
        X509_CRL_add0_revoked(crl, entry);
    }
    X509_gmtime_adj(when, day * DAY);
    X509_CRL_set1_nextUpdate(crl, when);
    cr_assert(X509_CRL_sign(crl, issuer->key, EVP_sha256()));
    cr_assert(PEM_write_X509_CRL(file, crl));
    (void)fclose(file);
    ASN1_TIME_free(when);
    X509_CRL_free(crl);
    return in_folder(name);
}

static inline const char *write_crl(const char *name, const struct identity *issuer,
                                    X509 *revoked)
{
    return write_crl_until(1, name, issuer, revoked);
}

/* What was found wrong, line by line. */
static inline const char *said(const struct problems *problems)
{
    static struct buffer text;

    buffer_clear(&text);
    problems_write(problems, &text);
    return buffer_text(&text);
}
