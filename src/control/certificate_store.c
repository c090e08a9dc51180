#include "control/certificate_store.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct stored_certificate *certificate_store_of(struct link *link)
{
    return list_object(link, struct stored_certificate, link);
}

struct stored_certificate *certificate_store_find(const struct link *store,
                                                  const char *path)
{
    list_each(link, store)
        if (!strcmp(certificate_store_of(link)->path, path))
            return certificate_store_of(link);
    return NULL;
}

struct stored_certificate *certificate_store_add(struct link *store, const char *path)
{
    struct stored_certificate *stored = memory_new(sizeof *stored);

    stored->path = memory_copy_text(path);
    list_append(store, &stored->link);
    return stored;
}

/* There is a private key in it. */
void certificate_store_put(char **place, const char *pem)
{
    char *next = pem ? memory_copy_text(pem) : NULL;

    if (*place)
        explicit_bzero(*place, strlen(*place));
    free(*place);
    *place = next;
}

void certificate_store_remove(struct stored_certificate *stored)
{
    certificate_store_put(&stored->committed, NULL);
    certificate_store_put(&stored->waiting, NULL);
    list_remove(&stored->link);
    free(stored->path);
    free(stored);
}

void certificate_store_forget(struct link *store)
{
    list_each(link, store) {
        struct stored_certificate *stored = certificate_store_of(link);

        certificate_store_put(&stored->committed, NULL);
        stored->is_shown = false;
        if (!stored->waiting)
            certificate_store_remove(stored);
    }
}

void certificate_store_clear(struct link *store)
{
    list_each(link, store)
        certificate_store_remove(certificate_store_of(link));
}
