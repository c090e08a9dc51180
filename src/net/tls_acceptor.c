/* One context for each worker and one for main; what they show and trust is read once. */
#include "net/tls_acceptor.h"

#include "base/memory.h"
#include "net/tls_chain.h"
#include "net/tls_contexts.h"
#include "net/tls_describe.h"
#include "net/tls_names.h"
#include "net/tls_pem.h"
#include "net/tls_policy.h"
#include "net/tls_store.h"
#include "net/tls_ticket_install.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

enum { ID_BYTES = SSL_MAX_SID_CTX_LENGTH, PIECE = 4096 };

/* What all contexts are made from. */
struct parts {
    const struct tls_acceptor_settings *settings; /* borrowed for the call, as the next */
    struct tls_report report;
    unsigned char id[ID_BYTES];
    struct tls_certificates certificates;
    struct tls_protocols protocols;
    struct stack_st_X509_NAME *authorities; /* owned; told to clients */
    X509_STORE *store;                      /* held */
};

struct tls_acceptor {
    struct parts parts; /* owned: for another one to be made from */
    unsigned count;
    SSL_CTX *contexts[]; /* held */
};

static const int verify_modes[] = {
    [TLS_VERIFY_NONE] = SSL_VERIFY_NONE,
    [TLS_VERIFY_OPTIONAL] = SSL_VERIFY_PEER,
    [TLS_VERIFY_REQUIRED] = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
};

static bool complain(const struct tls_report *report)
{
    problem_add_at(report->problems, report->place, "no TLS: %s", tls_report_reason());
    return false;
}

static bool digest_text(EVP_MD_CTX *digest, const char *text)
{
    return EVP_DigestUpdate(digest, text, strlen(text) + 1) == 1;
}

static bool digest_file(EVP_MD_CTX *digest, const char *path)
{
    unsigned char piece[PIECE];
    bool is_good = true;
    size_t count = 0;
    BIO *file;

    if (!path)
        return digest_text(digest, "");
    file = BIO_new_file(path, "r");
    while (is_good && file && BIO_read_ex(file, piece, sizeof piece, &count))
        is_good = EVP_DigestUpdate(digest, piece, count) == 1;
    BIO_free(file);
    return is_good && digest_text(digest, path);
}

/* A session is resumed only where the same would be asked of a newcomer. */
static bool make_id(struct parts *parts)
{
    const struct tls_acceptor_settings *settings = parts->settings;
    unsigned char verify = (unsigned char)settings->verify;
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    bool is_made = digest && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) &&
                   digest_text(digest, settings->policy) &&
                   EVP_DigestUpdate(digest, &verify, 1) &&
                   digest_file(digest, settings->client_ca) &&
                   digest_file(digest, settings->crl) &&
                   EVP_DigestFinal_ex(digest, parts->id, NULL);

    EVP_MD_CTX_free(digest);
    return is_made || complain(&parts->report);
}

static bool load_trust(struct parts *parts)
{
    const struct tls_acceptor_settings *settings = parts->settings;

    if (settings->verify == TLS_VERIFY_NONE)
        return true;
    if (!settings->client_ca) {
        problem_add_at(parts->report.problems, parts->report.place,
                       "clients cannot be verified without a file of the authorities "
                       "that are to be trusted");
        return false;
    }
    parts->store = tls_store_hold(settings->client_ca, settings->crl, &parts->report);
    if (!parts->store)
        return false;
    parts->authorities = SSL_load_client_CA_file(settings->client_ca);
    return parts->authorities || complain(&parts->report);
}

static bool load_certificates(struct parts *parts)
{
    const struct tls_acceptor_settings *settings = parts->settings;
    bool is_good = true;

    for (size_t i = 0; i < settings->path_count; i++)
        is_good &= tls_certificate_add(&parts->certificates, settings->paths[i],
                                       &parts->report);
    if (settings->path_count)
        return is_good;
    problem_add_at(parts->report.problems, parts->report.place,
                   "TLS needs a certificate");
    return false;
}

/* All of them are tried, so that all their problems are told at once. */
static bool load(struct parts *parts)
{
    bool is_good = load_certificates(parts);

    is_good &= load_trust(parts);
    is_good &= tls_context_protocols(parts->settings->rules.alpn, &parts->protocols,
                                     &parts->report);
    return is_good && make_id(parts);
}

static void unload(struct parts *parts)
{
    tls_certificates_deinit(&parts->certificates);
    free(parts->protocols.bytes);
    sk_X509_NAME_pop_free(parts->authorities, X509_NAME_free);
    tls_store_release(parts->store);
}

static bool give_policy(SSL_CTX *context, const struct parts *parts)
{
    struct tls_policy policy = { parts->settings->strict_sni,
                                 parts->settings->alpn_strict,
                                 tls_names_create(&parts->certificates),
                                 { NULL, parts->protocols.length },
                                 { 0, { NULL } } };

    if (!policy.names)
        return false;
    if (policy.protocols.length) {
        policy.protocols.bytes = memory_new(policy.protocols.length);
        memcpy(policy.protocols.bytes, parts->protocols.bytes, policy.protocols.length);
    }
    return tls_policy_give(context, &policy);
}

static bool give_trust(SSL_CTX *context, const struct parts *parts)
{
    struct stack_st_X509_NAME *authorities;

    SSL_CTX_set_verify(context, verify_modes[parts->settings->verify], NULL);
    if (!parts->store)
        return true;
    SSL_CTX_set1_cert_store(context, parts->store);
    authorities = SSL_dup_CA_list(parts->authorities);
    SSL_CTX_set_client_CA_list(context, authorities);
    return authorities != NULL;
}

static SSL_CTX *make_context(const struct parts *parts)
{
    SSL_CTX *context = tls_context_create(&parts->settings->rules, TLS_server_method(),
                                          &parts->report);

    if (!context)
        return NULL;
    (void)SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE |
                                           SSL_OP_PRIORITIZE_CHACHA |
                                           SSL_OP_IGNORE_UNEXPECTED_EOF);
    (void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    /* OpenSSL gives two; one is enough, as each resumption brings the next. */
    (void)SSL_CTX_set_num_tickets(context, 1);
    if (SSL_CTX_set_session_id_context(context, parts->id, ID_BYTES) &&
        tls_ticket_install(context) && give_trust(context, parts) &&
        give_policy(context, parts))
        return context;
    (void)complain(&parts->report);
    SSL_CTX_free(context);
    return NULL;
}

/* Keys that are too weak are found out now, not by the first client. */
static bool try_certificates(const struct parts *parts)
{
    SSL_CTX *context = tls_context_create(&parts->settings->rules, TLS_server_method(),
                                          &parts->report);
    bool is_good = context != NULL;

    for (size_t i = 0; context && i < parts->certificates.count; i++) {
        const struct tls_certificate *certificate = &parts->certificates.all[i];

        if (tls_certificate_show_all(certificate, context))
            continue;
        tls_report_file(&parts->report, certificate->path, "not strong enough: %s",
                        tls_report_reason());
        is_good = false;
    }
    SSL_CTX_free(context);
    return is_good;
}

/* Takes the parts when all goes well. */
static struct tls_acceptor *build(const struct parts *parts, unsigned count)
{
    struct tls_acceptor *acceptor = memory_new(sizeof *acceptor +
                                               count * sizeof *acceptor->contexts);

    for (acceptor->count = 0; acceptor->count < count; acceptor->count++) {
        SSL_CTX *context = make_context(parts);

        if (!context) {
            tls_acceptor_destroy(acceptor);
            return NULL;
        }
        acceptor->contexts[acceptor->count] = context;
    }
    acceptor->parts = *parts;
    acceptor->parts.settings = NULL;
    acceptor->parts.report = (struct tls_report){ 0 };
    return acceptor;
}

static struct tls_acceptor *build_or_unload(struct parts *parts, bool is_good,
                                            unsigned count)
{
    struct tls_acceptor *acceptor = NULL;

    if (is_good && try_certificates(parts))
        acceptor = build(parts, count);
    if (!acceptor)
        unload(parts);
    ERR_clear_error();
    return acceptor;
}

struct tls_acceptor *tls_acceptor_create(const struct tls_acceptor_settings *settings,
                                         unsigned workers, struct problems *problems)
{
    struct parts parts = { .settings = settings,
                           .report = { settings->place, problems } };

    ERR_clear_error();
    return build_or_unload(&parts, load(&parts), workers + 1);
}

/* The chain's in the place of one that has its path, else the same once more. */
static bool renew_certificate(const struct parts *parts, const struct tls_chain *chain,
                              const struct tls_certificate *old,
                              struct tls_certificate *next)
{
    if (!strcmp(old->path, chain->path))
        return tls_certificate_read(next, chain, &parts->report);
    if (!tls_certificate_hold(next, old))
        return complain(&parts->report);
    next->path = memory_copy_text(old->path);
    return true;
}

static bool renew_certificates(struct parts *parts, const struct tls_chain *chain,
                               const struct tls_certificates *old)
{
    struct tls_certificates *next = &parts->certificates;
    bool is_there = false;

    next->all = memory_new_array(old->count + 1, sizeof *next->all);
    for (; next->count < old->count; next->count++) {
        const struct tls_certificate *one = &old->all[next->count];

        is_there |= !strcmp(one->path, chain->path);
        if (!renew_certificate(parts, chain, one, &next->all[next->count]))
            return false;
    }
    if (is_there)
        return true;
    if (!tls_certificate_read(&next->all[next->count], chain, &parts->report))
        return false;
    next->count++;
    return true;
}

/* All but the certificates. */
static bool share(struct parts *parts, const struct parts *old)
{
    memcpy(parts->id, old->id, sizeof parts->id);
    tls_store_share(old->store);
    parts->store = old->store;
    parts->protocols.bytes = memory_new(old->protocols.length + 1);
    parts->protocols.length = old->protocols.length;
    if (old->protocols.length)
        memcpy(parts->protocols.bytes, old->protocols.bytes, old->protocols.length);
    if (!old->authorities)
        return true;
    parts->authorities = SSL_dup_CA_list(old->authorities);
    return parts->authorities || complain(&parts->report);
}

struct tls_acceptor *tls_acceptor_renew(const struct tls_acceptor *old,
                                        const struct tls_acceptor_settings *settings,
                                        const struct tls_chain *chain,
                                        struct problems *problems)
{
    struct parts parts = { .settings = settings,
                           .report = { settings->place, problems } };
    bool is_good;

    ERR_clear_error();
    is_good = share(&parts, &old->parts) &&
              renew_certificates(&parts, chain, &old->parts.certificates);
    return build_or_unload(&parts, is_good, old->count);
}

void tls_acceptor_destroy(struct tls_acceptor *acceptor)
{
    if (!acceptor)
        return;
    for (unsigned i = 0; i < acceptor->count; i++)
        SSL_CTX_free(acceptor->contexts[i]);
    unload(&acceptor->parts);
    free(acceptor);
}

SSL_CTX *tls_acceptor_context(const struct tls_acceptor *acceptor, unsigned worker)
{
    ensure(worker < acceptor->count);
    return acceptor->contexts[worker];
}

const char *tls_acceptor_path(const struct tls_acceptor *acceptor, size_t index)
{
    const struct tls_certificates *certificates = &acceptor->parts.certificates;

    return index < certificates->count ? certificates->all[index].path : NULL;
}

bool tls_acceptor_describe(const struct tls_acceptor *acceptor, const char *path,
                           struct buffer *out)
{
    const struct tls_certificates *certificates = &acceptor->parts.certificates;

    for (size_t i = 0; i < certificates->count; i++) {
        if (strcmp(certificates->all[i].path, path) != 0)
            continue;
        tls_describe(&certificates->all[i], out);
        return true;
    }
    return false;
}
