/* What the frontends use is in their acceptors; what nobody uses, or not yet, is in the
 * store. */
#include "control/certificates.h"

#include "base/buffer.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/problem.h"
#include "control/certificate_store.h"
#include "control/certificate_switch.h"
#include "control/control_parts.h"
#include "net/tls_chain.h"
#include "proxy/frontend.h"

#include <stdlib.h>
#include <string.h>

/* NULL: no frontend uses it. */
static const struct frontend *find_user(const struct control *control, const char *path)
{
    const struct generation *generation = control->generation;

    for (size_t i = 0; i < generation->frontend_count; i++)
        if (certificate_switch_has_path(&generation->frontends[i], path))
            return &generation->frontends[i];
    return NULL;
}

static bool is_known(const struct control *control, const char *path)
{
    const struct stored_certificate *stored =
        certificate_store_find(&control->certificates, path);

    return find_user(control, path) || (stored && stored->is_created);
}

enum certificates_outcome certificates_create(struct control *control, const char *path)
{
    struct stored_certificate *stored;

    if (is_known(control, path))
        return CERTIFICATES_TAKEN;
    stored = certificate_store_find(&control->certificates, path);
    if (!stored)
        stored = certificate_store_add(&control->certificates, path);
    stored->is_created = true;
    return CERTIFICATES_DONE;
}

enum certificates_outcome certificates_set(struct control *control,
                                           const struct tls_chain *chain,
                                           struct problems *problems)
{
    struct stored_certificate *stored;
    bool is_new;

    if (!is_known(control, chain->path))
        return CERTIFICATES_UNKNOWN;
    if (!tls_chain_check(chain, problems))
        return CERTIFICATES_REFUSED;
    stored = certificate_store_find(&control->certificates, chain->path);
    if (!stored)
        stored = certificate_store_add(&control->certificates, chain->path);
    is_new = !stored->waiting;
    certificate_store_put(&stored->waiting, chain->pem);
    return is_new ? CERTIFICATES_BEGUN : CERTIFICATES_SET_AGAIN;
}

/* An entry that has nothing to remember goes. */
static void tidy(struct stored_certificate *stored)
{
    if (!stored->waiting && !stored->is_created && !stored->is_shown)
        certificate_store_remove(stored);
}

static void finish_commit(struct stored_certificate *stored, size_t users)
{
    stored->is_shown = users > 0;
    if (users)
        stored->is_created = false;
    else
        certificate_store_put(&stored->committed, stored->waiting);
    certificate_store_put(&stored->waiting, NULL);
    tidy(stored);
}

enum certificates_outcome certificates_commit(struct control *control, const char *path,
                                              const char *by, struct problems *problems)
{
    struct stored_certificate *stored = certificate_store_find(&control->certificates,
                                                               path);
    struct tls_chain chain = { path, stored ? stored->waiting : NULL };
    struct certificate_switch change = { control, &chain, NULL, problems };
    size_t users = 0;

    if (!chain.pem)
        return CERTIFICATES_NOT_SET;
    if (!is_known(control, path))
        return CERTIFICATES_UNKNOWN;
    if (!certificate_switch(&change, &users))
        return CERTIFICATES_REFUSED;
    log_notice("certificate %s was replaced  frontends=%zu by=\"%s\"", path, users, by);
    problems_log(problems);
    finish_commit(stored, users);
    return CERTIFICATES_DONE;
}

enum certificates_outcome certificates_abort(struct control *control, const char *path)
{
    struct stored_certificate *stored = certificate_store_find(&control->certificates,
                                                               path);

    if (!stored || !stored->waiting)
        return CERTIFICATES_NOT_SET;
    certificate_store_put(&stored->waiting, NULL);
    tidy(stored);
    return CERTIFICATES_DONE;
}

enum certificates_outcome certificates_delete(struct control *control, const char *path,
                                              const char *by)
{
    if (find_user(control, path))
        return CERTIFICATES_IN_USE;
    if (!is_known(control, path))
        return CERTIFICATES_UNKNOWN;
    certificate_store_remove(certificate_store_find(&control->certificates, path));
    log_notice("certificate %s was deleted  by=\"%s\"", path, by);
    return CERTIFICATES_DONE;
}

bool certificates_has_folder(const struct control *control, const char *folder)
{
    const struct generation *generation = control->generation;

    for (size_t i = 0; i < generation->frontend_count; i++)
        if (certificate_switch_has_folder(&generation->frontends[i], folder))
            return true;
    return false;
}

enum certificates_outcome certificates_insert(struct control *control,
                                              const struct certificates_insertion *what,
                                              struct problems *problems)
{
    struct stored_certificate *stored = certificate_store_find(&control->certificates,
                                                               what->path);
    struct tls_chain chain = { what->path, stored ? stored->committed : NULL };
    struct certificate_switch change = { control, &chain, what->folder, problems };
    size_t users = 0;

    if (find_user(control, what->path))
        return CERTIFICATES_IN_USE;
    if (!stored || !stored->is_created)
        return CERTIFICATES_UNKNOWN;
    if (!chain.pem)
        return CERTIFICATES_NOT_SET;
    if (!certificate_switch(&change, &users))
        return CERTIFICATES_REFUSED;
    log_notice("certificate %s was added to those of %s  frontends=%zu by=\"%s\"",
               what->path, what->folder, users, what->by);
    problems_log(problems);
    certificate_store_put(&stored->committed, NULL);
    stored->is_created = false;
    stored->is_shown = true;
    return CERTIFICATES_DONE;
}

struct list {
    const char **paths; /* owned */
    size_t count;
};

static void add_path(struct list *list, const char *path)
{
    list->paths = memory_resize(list->paths, (list->count + 1) * sizeof(const char *));
    list->paths[list->count++] = path;
}

static void add_used(struct list *list, const struct generation *generation)
{
    for (size_t i = 0; i < generation->frontend_count; i++) {
        const struct tls_acceptor *acceptor = atomic_load(
            &generation->frontends[i].acceptor);
        const char *path;

        for (size_t k = 0; acceptor && (path = tls_acceptor_path(acceptor, k)); k++)
            add_path(list, path);
    }
}

static void add_stored(struct list *list, const struct link *store, bool are_waiting)
{
    list_each(link, store) {
        const struct stored_certificate *stored = certificate_store_of(link);

        if (are_waiting ? stored->waiting != NULL : stored->is_created)
            add_path(list, stored->path);
    }
}

static int order_paths(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

static void sort_and_join(struct list *list)
{
    size_t kept = 0;

    if (list->count)
        qsort(list->paths, list->count, sizeof(const char *), order_paths);
    for (size_t i = 0; i < list->count; i++)
        if (!kept || strcmp(list->paths[kept - 1], list->paths[i]) != 0)
            list->paths[kept++] = list->paths[i];
    list->count = kept;
}

const char **certificates_list(const struct control *control, bool are_waiting,
                               size_t *count)
{
    struct list list = { 0 };

    if (!are_waiting)
        add_used(&list, control->generation);
    add_stored(&list, &control->certificates, are_waiting);
    sort_and_join(&list);
    *count = list.count;
    return list.paths;
}

enum certificates_state certificates_describe(const struct control *control,
                                              const char *path, bool is_waiting,
                                              struct buffer *out)
{
    const struct stored_certificate *stored =
        certificate_store_find(&control->certificates, path);
    const struct frontend *user = find_user(control, path);
    const char *pem = NULL;

    if (!is_waiting && user) {
        (void)tls_acceptor_describe(atomic_load(&user->acceptor), path, out);
        return CERTIFICATES_USED;
    }
    if (stored)
        pem = is_waiting ? stored->waiting : stored->committed;
    if (pem)
        tls_chain_write(&(struct tls_chain){ path, pem }, out);
    else if (!stored || is_waiting || !stored->is_created)
        return CERTIFICATES_ABSENT;
    if (!pem)
        return CERTIFICATES_EMPTY;
    return user ? CERTIFICATES_USED : CERTIFICATES_UNUSED;
}
