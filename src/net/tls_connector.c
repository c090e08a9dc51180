/* One context for each worker and one for main. Trust is shared by all of them, and by
 * all connectors that name the same file. */
#include "net/tls_connector.h"

#include "base/memory.h"
#include "net/tls_certificate.h"
#include "net/tls_context.h"
#include "net/tls_contexts.h"
#include "net/tls_sessions.h"
#include "net/tls_store.h"

#include <openssl/err.h>
#include <stdlib.h>

struct tls_connector {
    unsigned count;
    char *name;          /* owned; NULL: the host's */
    SSL_CTX *contexts[]; /* held */
};

/* What all contexts are made from. */
struct parts {
    const struct tls_connector_settings *settings;
    struct tls_report report;
    struct tls_certificate certificate;
    struct tls_protocols protocols;
    X509_STORE *store; /* held */
};

static bool load_trust(struct parts *parts)
{
    const struct tls_connector_settings *settings = parts->settings;

    if (!settings->verify)
        return true;
    parts->store = tls_store_hold(settings->ca, settings->crl, &parts->report);
    return parts->store != NULL;
}

static bool load(struct parts *parts)
{
    const struct tls_connector_settings *settings = parts->settings;
    bool is_good = load_trust(parts);

    if (settings->certificate)
        is_good &= tls_certificate_load(&parts->certificate, settings->certificate,
                                        &parts->report);
    return tls_context_protocols(settings->rules.alpn, &parts->protocols,
                                 &parts->report) &&
           is_good;
}

static void unload(struct parts *parts)
{
    tls_certificate_deinit(&parts->certificate);
    free(parts->protocols.bytes);
    tls_store_release(parts->store);
}

static bool give_certificate(SSL_CTX *context, const struct parts *parts)
{
    if (!parts->certificate.leaf ||
        tls_certificate_show_all(&parts->certificate, context))
        return true;
    tls_report_file(&parts->report, parts->settings->certificate, "not strong enough: %s",
                    tls_report_reason());
    return false;
}

static bool give_rest(SSL_CTX *context, const struct parts *parts)
{
    SSL_CTX_set_verify(context, parts->store ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
    if (parts->store)
        SSL_CTX_set1_cert_store(context, parts->store);
    /* This one returns 0 when all is well. */
    if ((!parts->protocols.length ||
         SSL_CTX_set_alpn_protos(context, parts->protocols.bytes,
                                 parts->protocols.length) == 0) &&
        tls_sessions_give(context))
        return true;
    problem_add_at(parts->report.problems, parts->report.place, "no TLS: %s",
                   tls_report_reason());
    return false;
}

static SSL_CTX *make_context(const struct parts *parts)
{
    SSL_CTX *context = tls_context_create(&parts->settings->rules, TLS_client_method(),
                                          &parts->report);

    if (context && give_certificate(context, parts) && give_rest(context, parts))
        return context;
    SSL_CTX_free(context);
    return NULL;
}

static struct tls_connector *build(const struct parts *parts, unsigned count)
{
    struct tls_connector *connector = memory_new(sizeof *connector +
                                                 count * sizeof *connector->contexts);
    const char *name = parts->settings->name;

    connector->name = name ? memory_copy_text(name) : NULL;
    for (connector->count = 0; connector->count < count; connector->count++) {
        SSL_CTX *context = make_context(parts);

        if (!context) {
            tls_connector_destroy(connector);
            return NULL;
        }
        connector->contexts[connector->count] = context;
    }
    return connector;
}

struct tls_connector *tls_connector_create(const struct tls_connector_settings *settings,
                                           unsigned workers, struct problems *problems)
{
    struct parts parts = { .settings = settings,
                           .report = { settings->place, problems } };
    struct tls_connector *connector = NULL;

    ERR_clear_error();
    if (load(&parts))
        connector = build(&parts, workers + 1);
    unload(&parts);
    ERR_clear_error();
    return connector;
}

void tls_connector_destroy(struct tls_connector *connector)
{
    if (!connector)
        return;
    for (unsigned i = 0; i < connector->count; i++)
        SSL_CTX_free(connector->contexts[i]);
    free(connector->name);
    free(connector);
}

SSL_CTX *tls_connector_context(const struct tls_connector *connector, unsigned worker)
{
    ensure(worker < connector->count);
    return connector->contexts[worker];
}

const char *tls_connector_name(const struct tls_connector *connector)
{
    return connector->name;
}
