/* Runs openssl req, x509 and ca. */
#include "support/authority.h"

#include "support/kept.h"
#include "support/scratch.h"
#include "support/spawn.h"

#include <criterion/criterion.h>

#include <stdlib.h>

#define NEW_KEY "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"

enum { DAYS = 30 };

struct authority {
    struct authority *next;
    const char *folder, *certificate, *key, *config;
    unsigned count; /* of certificates signed */
};

/* So that what a test leaves behind is no leak. */
static struct authority *all;

static void expect_done(struct spawned spawned)
{
    cr_assert_eq(spawned.status, 0, "openssl failed: %s%s", spawned.out, spawned.err);
}

struct authority *authority_create(const char *name)
{
    struct authority *authority = calloc(1, sizeof *authority);

    cr_assert(authority, "no memory");
    authority->next = all;
    all = authority;
    authority->folder = scratch_create();
    authority->certificate = scratch_path(authority->folder, "ca.pem");
    authority->key = scratch_path(authority->folder, "ca.key");
    authority->config = scratch_write(authority->folder, "ca.cnf",
                                      kept_format("[ca]\ndefault_ca = own\n[own]\n"
                                                  "database = %s/index\n"
                                                  "default_md = sha256\n"
                                                  "default_crl_days = 30\n",
                                                  authority->folder));
    (void)scratch_write(authority->folder, "index", "");
    expect_done(spawn_line("openssl req -x509 " NEW_KEY " -keyout %s -out %s -days %d"
                           " -subj /CN=%s -addext keyUsage=keyCertSign,cRLSign",
                           authority->key, authority->certificate, DAYS, name));
    return authority;
}

void authority_remove(struct authority *authority)
{
    scratch_remove(authority->folder);
}

const char *authority_folder(const struct authority *authority)
{
    return authority->folder;
}

const char *authority_file(const struct authority *authority)
{
    return authority->certificate;
}

static const char *extensions(const struct identity *identity)
{
    const char *names = "", *purpose = "";

    if (identity->names)
        names = kept_format(" -addext subjectAltName=%s", identity->names);
    if (identity->purpose)
        purpose = kept_format(" -addext extendedKeyUsage=%s", identity->purpose);
    return kept_format("%s%s -addext basicConstraints=CA:false", names, purpose);
}

const char *authority_sign(struct authority *authority, struct identity identity)
{
    const char *path = kept_format("%s/%u", authority->folder, ++authority->count);
    const char *file = kept_format("%u.pem", authority->count);

    expect_done(spawn_line("openssl req -new -utf8 " NEW_KEY " -keyout %s.key -out %s.csr"
                           " -subj /CN=%s%s",
                           path, path, identity.subject, extensions(&identity)));
    expect_done(spawn_line("openssl x509 -req -in %s.csr -CA %s -CAkey %s -days %d"
                           " -copy_extensions copy -out %s.crt",
                           path, authority->certificate, authority->key,
                           identity.days ? identity.days : DAYS, path));
    return scratch_write(authority->folder, file,
                         kept_format("%s%s", kept_file(kept_format("%s.crt", path)),
                                     kept_file(kept_format("%s.key", path))));
}

const char *authority_name(struct authority *authority, const char *name)
{
    return authority_sign(authority,
                          (struct identity){ .subject = name,
                                             .names = kept_format("DNS:%s", name) });
}

static const char *list_revoked(struct authority *authority, const char *options)
{
    const char *list = scratch_path(authority->folder, "revoked.pem");

    expect_done(spawn_line("openssl ca -config %s -keyfile %s -cert %s -gencrl -out %s%s",
                           authority->config, authority->key, authority->certificate,
                           list, options));
    return list;
}

const char *authority_list_revoked(struct authority *authority)
{
    return list_revoked(authority, "");
}

const char *authority_list_expired(struct authority *authority)
{
    return list_revoked(
        authority, " -crl_lastupdate 20191201000000Z -crl_nextupdate 20200101000000Z");
}

const char *authority_revoke(struct authority *authority, const char *path)
{
    expect_done(spawn_line("openssl ca -config %s -keyfile %s -cert %s -revoke %s",
                           authority->config, authority->key, authority->certificate,
                           path));
    return authority_list_revoked(authority);
}
