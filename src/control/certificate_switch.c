#include "control/certificate_switch.h"

#include "base/memory.h"
#include "control/control_parts.h"
#include "net/tls_chain.h"
#include "proxy/frontend.h"

#include <stdlib.h>
#include <string.h>

bool certificate_switch_has_path(const struct frontend *frontend, const char *path)
{
    const struct tls_acceptor *acceptor = atomic_load(&frontend->acceptor);
    const char *each;

    for (size_t i = 0; acceptor && (each = tls_acceptor_path(acceptor, i)); i++)
        if (!strcmp(each, path))
            return true;
    return false;
}

/* A slash at the end makes no difference. */
static bool is_same_folder(const char *one, const char *other)
{
    size_t length = strlen(one), other_length = strlen(other);

    length -= length > 1 && one[length - 1] == '/';
    other_length -= other_length > 1 && other[other_length - 1] == '/';
    return length == other_length && !memcmp(one, other, length);
}

bool certificate_switch_has_folder(const struct frontend *frontend, const char *folder)
{
    const struct tls_acceptor_settings *settings = &frontend->settings->tls;

    for (size_t i = 0; i < settings->path_count; i++)
        if (is_same_folder(settings->paths[i], folder) &&
            !certificate_switch_has_path(frontend, settings->paths[i]))
            return true;
    return false;
}

static bool is_concerned(const struct certificate_switch *change,
                         const struct frontend *frontend)
{
    if (change->folder)
        return certificate_switch_has_folder(frontend, change->folder);
    return certificate_switch_has_path(frontend, change->chain->path);
}

/* Those that are to follow, by the frontends' index; NULL: the frontend keeps its own. */
static bool prepare(const struct certificate_switch *change, struct tls_acceptor **next)
{
    const struct generation *generation = change->control->generation;

    for (size_t i = 0; i < generation->frontend_count; i++) {
        const struct frontend *frontend = &generation->frontends[i];

        if (!is_concerned(change, frontend))
            continue;
        next[i] = tls_acceptor_renew(atomic_load(&frontend->acceptor),
                                     &frontend->settings->tls, change->chain,
                                     change->problems);
        if (!next[i])
            return false;
    }
    return true;
}

static void destroy_acceptor(void *acceptor)
{
    tls_acceptor_destroy(acceptor);
}

static size_t publish(struct control *control, struct tls_acceptor **next)
{
    size_t count = 0;

    for (size_t i = 0; i < control->generation->frontend_count; i++) {
        struct frontend *frontend = &control->generation->frontends[i];

        if (!next[i])
            continue;
        count++;
        team_free_after_grace(control->team,
                              atomic_exchange(&frontend->acceptor, next[i]),
                              destroy_acceptor);
    }
    return count;
}

bool certificate_switch(const struct certificate_switch *change, size_t *count)
{
    size_t most = change->control->generation->frontend_count;
    struct tls_acceptor **next = memory_new_array(most, sizeof(struct tls_acceptor *));
    bool is_fine = prepare(change, next);

    if (is_fine)
        *count = publish(change->control, next);
    for (size_t i = 0; i < most && !is_fine; i++)
        tls_acceptor_destroy(next[i]);
    free(next);
    return is_fine;
}
