/* Puts a certificate into the frontends that use it, all or none. Private to the control
 * folder. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct control;
struct frontend;
struct problems;
struct tls_chain;

struct certificate_switch {
    struct control *control; /* borrowed, as all of these */
    const struct tls_chain *chain;
    const char *folder; /* NULL: those frontends that have the chain's path */
    struct problems *problems;
};

/* False, with problems. `count`: of the frontends, maybe none. */
bool certificate_switch(const struct certificate_switch *change, size_t *count);

bool certificate_switch_has_path(const struct frontend *frontend, const char *path);
bool certificate_switch_has_folder(const struct frontend *frontend, const char *folder);
