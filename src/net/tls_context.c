#include "net/tls_context.h"

#include "base/memory.h"
#include "net/tls_rules.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

enum { PROTOCOL_LONGEST = 255 };

static const int versions[] = { [TLS_1_2] = TLS1_2_VERSION, [TLS_1_3] = TLS1_3_VERSION };

static bool complain(const struct tls_report *report, const char *what, const char *value)
{
    problem_add_at(report->problems, report->place, "\"%s\" is no list of %s: %s", value,
                   what, tls_report_reason());
    return false;
}

/* OpenSSL's macro takes what it only reads for writable. */
static bool set_groups(SSL_CTX *context, const char *groups)
{
    char *copy = memory_copy_text(groups);
    bool is_set = SSL_CTX_set1_groups_list(context, copy) == 1;

    free(copy);
    return is_set;
}

static bool set_lists(SSL_CTX *context, const struct tls_rules *rules,
                      const struct tls_report *report)
{
    bool is_good = true;

    if (rules->ciphers && !SSL_CTX_set_cipher_list(context, rules->ciphers))
        is_good = complain(report, "ciphers of TLS 1.2", rules->ciphers);
    if (rules->ciphersuites && !SSL_CTX_set_ciphersuites(context, rules->ciphersuites))
        is_good = complain(report, "ciphersuites of TLS 1.3", rules->ciphersuites);
    if (rules->groups && !set_groups(context, rules->groups))
        is_good = complain(report, "groups", rules->groups);
    return is_good;
}

/* Without a minimum that is set, clients too old hear of an "internal error". */
SSL_CTX *tls_context_create(const struct tls_rules *rules, const SSL_METHOD *method,
                            const struct tls_report *report)
{
    SSL_CTX *context;

    ERR_clear_error();
    context = SSL_CTX_new(method);
    if (!context ||
        !SSL_CTX_set_min_proto_version(context, versions[rules->min_version])) {
        problem_add_at(report->problems, report->place, "no TLS: %s",
                       tls_report_reason());
        SSL_CTX_free(context);
        return NULL;
    }
    (void)SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                        SSL_MODE_RELEASE_BUFFERS);
    (void)SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_read_ahead(context, 1);
    if (set_lists(context, rules, report))
        return context;
    SSL_CTX_free(context);
    return NULL;
}

static bool add_protocol(struct tls_protocols *protocols, const char *name, size_t length)
{
    if (!length || length > PROTOCOL_LONGEST)
        return false;
    protocols->bytes[protocols->length++] = (unsigned char)length;
    memcpy(protocols->bytes + protocols->length, name, length);
    protocols->length += (unsigned)length;
    return true;
}

bool tls_context_protocols(const char *names, struct tls_protocols *protocols,
                           const struct tls_report *report)
{
    bool is_good = true;

    *protocols = (struct tls_protocols){ 0 };
    if (!names)
        return true;
    protocols->bytes = memory_new(strlen(names) + 1);
    for (const char *name = names; name && is_good;) {
        size_t length = strcspn(name, ",");

        is_good = add_protocol(protocols, name, length);
        name = name[length] ? name + length + 1 : NULL;
    }
    if (is_good)
        return true;
    problem_add_at(report->problems, report->place,
                   "\"%s\" is no list of protocols: each has 1 to 255 letters, with "
                   "commas between",
                   names);
    free(protocols->bytes);
    *protocols = (struct tls_protocols){ 0 };
    return false;
}
