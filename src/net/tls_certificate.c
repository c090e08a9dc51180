#include "net/tls_certificate.h"

#include "base/memory.h"
#include "net/tls_pem.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STAPLE_MOST = 64 * 1024 };

static void warn_of_dates(const X509 *leaf, const char *path,
                          const struct tls_report *report)
{
    const ASN1_TIME *begin = X509_get0_notBefore(leaf), *end = X509_get0_notAfter(leaf);

    if (X509_cmp_current_time(end) < 0)
        tls_report_day(report, path, "the certificate expired on", end);
    else if (X509_cmp_current_time(begin) > 0)
        tls_report_day(report, path, "the certificate is not valid before", begin);
}

static bool is_staple(const unsigned char *bytes, size_t length)
{
    OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &bytes, (long)length);
    bool is_good = response &&
                   OCSP_response_status(response) == OCSP_RESPONSE_STATUS_SUCCESSFUL;

    OCSP_RESPONSE_free(response);
    ERR_clear_error();
    return is_good;
}

static bool load_staple(struct tls_certificate *certificate, const char *path,
                        const struct tls_report *report)
{
    char beside[PATH_MAX];
    BIO *file;

    (void)snprintf(beside, sizeof beside, "%s.ocsp", path);
    if (access(beside, F_OK) == -1)
        return true;
    file = tls_pem_open(beside, report);
    if (!file)
        return false;
    certificate->staple = memory_new(STAPLE_MOST);
    (void)BIO_read_ex(file, certificate->staple, STAPLE_MOST, &certificate->staple_bytes);
    BIO_free(file);
    certificate->staple = memory_resize(certificate->staple,
                                        certificate->staple_bytes + 1);
    if (is_staple(certificate->staple, certificate->staple_bytes))
        return true;
    tls_report_file(report, beside, "not a good OCSP response in DER");
    return false;
}

bool tls_certificate_read(struct tls_certificate *certificate,
                          const struct tls_chain *chain, const struct tls_report *report)
{
    const char *path = chain->path;

    *certificate = (struct tls_certificate){ .path = memory_copy_text(path) };
    certificate->chain = tls_pem_certificates(chain, report);
    if (!certificate->chain)
        goto fail;
    certificate->leaf = sk_X509_shift(certificate->chain);
    certificate->key = tls_pem_key(chain, report);
    if (!certificate->key)
        goto fail;
    if (X509_check_private_key(certificate->leaf, certificate->key) != 1) {
        tls_report_file(report, path,
                        "the private key does not belong to the certificate");
        goto fail;
    }
    /* The staple that lies beside the file is about the file's certificate. */
    if (!chain->pem && !load_staple(certificate, path, report))
        goto fail;
    warn_of_dates(certificate->leaf, path, report);
    return true;
fail:
    tls_certificate_deinit(certificate);
    ERR_clear_error();
    return false;
}

bool tls_certificate_load(struct tls_certificate *certificate, const char *path,
                          const struct tls_report *report)
{
    return tls_certificate_read(certificate, &(struct tls_chain){ .path = path }, report);
}

bool tls_certificate_hold(struct tls_certificate *certificate,
                          const struct tls_certificate *other)
{
    *certificate = (struct tls_certificate){ 0 };
    certificate->chain = X509_chain_up_ref(other->chain);
    if (!certificate->chain)
        return false;
    (void)X509_up_ref(other->leaf);
    certificate->leaf = other->leaf;
    (void)EVP_PKEY_up_ref(other->key);
    certificate->key = other->key;
    if (!other->staple)
        return true;
    certificate->staple = memory_new(other->staple_bytes);
    memcpy(certificate->staple, other->staple, other->staple_bytes);
    certificate->staple_bytes = other->staple_bytes;
    return true;
}

void tls_certificate_deinit(struct tls_certificate *certificate)
{
    X509_free(certificate->leaf);
    sk_X509_pop_free(certificate->chain, X509_free);
    EVP_PKEY_free(certificate->key);
    free(certificate->staple);
    free(certificate->path);
    *certificate = (struct tls_certificate){ 0 };
}

bool tls_certificate_show(const struct tls_certificate *certificate, SSL *ssl)
{
    return SSL_use_cert_and_key(ssl, certificate->leaf, certificate->key,
                                certificate->chain, 1) == 1;
}

bool tls_certificate_show_all(const struct tls_certificate *certificate, SSL_CTX *context)
{
    return SSL_CTX_use_cert_and_key(context, certificate->leaf, certificate->key,
                                    certificate->chain, 1) == 1;
}

static bool add_file(struct tls_certificates *certificates, const char *path,
                     const struct tls_report *report)
{
    struct tls_certificate certificate;

    if (!tls_certificate_load(&certificate, path, report))
        return false;
    certificates->all = memory_resize(certificates->all, (certificates->count + 1) *
                                                             sizeof *certificates->all);
    certificates->all[certificates->count++] = certificate;
    return true;
}

static int is_wanted(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');

    return end && end != entry->d_name && (!strcmp(end, ".pem") || !strcmp(end, ".crt"));
}

static int order_names(const struct dirent **one, const struct dirent **other)
{
    return strcmp((*one)->d_name, (*other)->d_name);
}

static bool add_folder(struct tls_certificates *certificates, const char *path,
                       const struct tls_report *report)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, is_wanted, order_names);
    bool is_good = count > 0;
    char file[PATH_MAX];

    if (count == -1)
        tls_report_file(report, path, "cannot be read: %s", strerrordesc_np(errno));
    else if (!count)
        tls_report_file(report, path, "there is no *.pem or *.crt in this folder");
    for (int i = 0; i < count; i++) {
        (void)snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name);
        is_good &= add_file(certificates, file, report);
        free(entries[i]);
    }
    free(entries);
    return is_good;
}

bool tls_certificate_add(struct tls_certificates *certificates, const char *path,
                         const struct tls_report *report)
{
    struct stat facts;

    if (stat(path, &facts) == 0 && S_ISDIR(facts.st_mode))
        return add_folder(certificates, path, report);
    return add_file(certificates, path, report);
}

void tls_certificates_deinit(struct tls_certificates *certificates)
{
    for (size_t i = 0; i < certificates->count; i++)
        tls_certificate_deinit(&certificates->all[i]);
    free(certificates->all);
    *certificates = (struct tls_certificates){ 0 };
}
