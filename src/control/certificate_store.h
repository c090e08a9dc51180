/* Certificates that are set and not committed, or committed and not used by any frontend.
 * Private to the control folder. */
#pragma once

#include "base/list.h"

#include <stdbool.h>

struct stored_certificate {
    struct link link;
    char *path;      /* owned */
    char *committed; /* owned PEM; NULL: none, or a frontend has it */
    char *waiting;   /* owned PEM; NULL: no transaction */
    bool is_created; /* by hand: no frontend had it */
    bool is_shown;   /* by frontends, though their files have another */
};

struct stored_certificate *certificate_store_of(struct link *link);
/* NULL for none. */
struct stored_certificate *certificate_store_find(const struct link *store,
                                                  const char *path);
struct stored_certificate *certificate_store_add(struct link *store, const char *path);
void certificate_store_remove(struct stored_certificate *stored);
/* Puts a copy of the text, or NULL, in the place of what is there. */
void certificate_store_put(char **place, const char *pem);
/* Keeps transactions only. */
void certificate_store_forget(struct link *store);
void certificate_store_clear(struct link *store);
