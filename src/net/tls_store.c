#include "net/tls_store.h"

#include "base/list.h"
#include "base/memory.h"
#include "net/tls_pem.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What tells one state of a file from another. */
struct print {
    dev_t device;
    ino_t number;
    off_t size;
    struct timespec changed_at;
};

struct key {
    const char *ca, *crl; /* NULL: the system's, none */
    struct print ca_print, crl_print;
};

struct entry {
    struct key key;
    char *ca, *crl; /* owned; the names in `key` */
    unsigned holders;
    X509_STORE *store; /* owned */
    struct link link;
};

static struct link entries = { &entries, &entries };

static bool is_same_text(const char *one, const char *other)
{
    return one == other || (one && other && !strcmp(one, other));
}

static bool is_same_print(const struct print *one, const struct print *other)
{
    return one->device == other->device && one->number == other->number &&
           one->size == other->size &&
           one->changed_at.tv_sec == other->changed_at.tv_sec &&
           one->changed_at.tv_nsec == other->changed_at.tv_nsec;
}

static struct print look_at(const char *path)
{
    struct print print = { 0 };
    struct stat facts;

    if (path && stat(path, &facts) == 0)
        print = (struct print){ facts.st_dev, facts.st_ino, facts.st_size,
                                facts.st_ctim };
    return print;
}

/* One bundle, read at once: a folder of hashes would be read by handshakes. */
static const char *find_system(void)
{
    const char *const places[] = {
        getenv(X509_get_default_cert_file_env()),
        X509_get_default_cert_file(),
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
    };

    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (places[i] && access(places[i], R_OK) == 0)
            return places[i];
    return NULL;
}

/* Who names a file trusts what is in it, be it an authority under another one. */
static bool load_ca(X509_STORE *store, const char *ca, const struct tls_report *report)
{
    const char *path = ca ? ca : find_system();

    if (!path) {
        problem_add_at(report->problems, report->place,
                       "the system has no file of trusted authorities; install "
                       "ca-certificates, or name a file of your own");
        return false;
    }
    if (!tls_pem_is_readable(path, report))
        return false;
    if (!X509_STORE_load_file(store, path)) {
        tls_report_file(report, path, "no authority can be read from it: %s",
                        tls_report_reason());
        return false;
    }
    return !ca || X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
}

static bool load_crl(X509_STORE *store, const char *crl, const struct tls_report *report)
{
    X509_LOOKUP *lookup;

    if (!crl)
        return true;
    if (!tls_pem_is_readable(crl, report))
        return false;
    lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
    if (!lookup || X509_load_crl_file(lookup, crl, X509_FILETYPE_PEM) < 1) {
        tls_report_file(report, crl, "no list of revoked certificates can be read: %s",
                        tls_report_reason());
        return false;
    }
    return X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
}

/* What OpenSSL would find out about a certificate when it is first used, by several
 * threads at once: its lists are then sorted already, its extensions read. */
static void settle(X509_STORE *store)
{
    STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(store);

    for (int i = 0; i < sk_X509_OBJECT_num(objects); i++) {
        X509 *certificate = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i));

        if (certificate)
            (void)X509_check_purpose(certificate, -1, 0);
    }
}

static X509_STORE *load(const char *ca, const char *crl, const struct tls_report *report)
{
    X509_STORE *store;

    ERR_clear_error();
    store = X509_STORE_new();
    if (!store)
        problem_add_at(report->problems, report->place, "no TLS: %s",
                       tls_report_reason());
    else if (load_ca(store, ca, report) && load_crl(store, crl, report)) {
        settle(store);
        return store;
    }
    X509_STORE_free(store);
    return NULL;
}

static void warn_of_list(const X509_CRL *list, const char *path,
                         const struct tls_report *report)
{
    const ASN1_TIME *end = list ? X509_CRL_get0_nextUpdate(list) : NULL;

    if (end && X509_cmp_current_time(end) < 0)
        tls_report_day(report, path,
                       "nobody whom its authority signed is trusted: the list of revoked "
                       "certificates expired on",
                       end);
}

/* Also when the store was there already: it is told with every reload. Workers may be
 * using it. */
static void warn_of_lists(X509_STORE *store, const char *path,
                          const struct tls_report *report)
{
    STACK_OF(X509_OBJECT) * objects;

    (void)X509_STORE_lock(store);
    objects = X509_STORE_get0_objects(store);
    for (int i = 0; path && i < sk_X509_OBJECT_num(objects); i++)
        warn_of_list(X509_OBJECT_get0_X509_CRL(sk_X509_OBJECT_value(objects, i)), path,
                     report);
    (void)X509_STORE_unlock(store);
}

static struct entry *find(const struct key *key)
{
    list_each(link, &entries) {
        struct entry *entry = list_object(link, struct entry, link);

        if (is_same_text(entry->key.ca, key->ca) &&
            is_same_text(entry->key.crl, key->crl) &&
            is_same_print(&entry->key.ca_print, &key->ca_print) &&
            is_same_print(&entry->key.crl_print, &key->crl_print))
            return entry;
    }
    return NULL;
}

static struct entry *add(const struct key *key, X509_STORE *store)
{
    struct entry *entry = memory_new(sizeof *entry);

    entry->key = *key;
    if (key->ca)
        entry->key.ca = entry->ca = memory_copy_text(key->ca);
    if (key->crl)
        entry->key.crl = entry->crl = memory_copy_text(key->crl);
    entry->store = store;
    list_append(&entries, &entry->link);
    return entry;
}

X509_STORE *tls_store_hold(const char *ca, const char *crl,
                           const struct tls_report *report)
{
    struct key key = { ca, crl, look_at(ca ? ca : find_system()), look_at(crl) };
    struct entry *entry = find(&key);

    if (!entry) {
        X509_STORE *store = load(ca, crl, report);

        if (!store)
            return NULL;
        entry = add(&key, store);
    }
    entry->holders++;
    warn_of_lists(entry->store, crl, report);
    return entry->store;
}

static void destroy(struct entry *entry)
{
    list_remove(&entry->link);
    X509_STORE_free(entry->store);
    free(entry->ca);
    free(entry->crl);
    free(entry);
}

void tls_store_share(X509_STORE *store)
{
    list_each(link, &entries) {
        struct entry *entry = list_object(link, struct entry, link);

        entry->holders += entry->store == store;
    }
}

void tls_store_release(X509_STORE *store)
{
    list_each(link, &entries) {
        struct entry *entry = list_object(link, struct entry, link);

        if (entry->store == store && --entry->holders == 0)
            destroy(entry);
    }
}
