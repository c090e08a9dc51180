/* Objects of one size, bounded in number, that come and go on one thread.
 *
 * Memory is taken from the system in chunks as it is needed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct slab {
    size_t size; /* of one object, rounded up */
    size_t most;
    size_t used;
    void *free;   /* singly linked through the objects */
    void *chunks; /* owned */
    size_t made;
};

void slab_init(struct slab *slab, size_t size, size_t most);
void slab_deinit(struct slab *slab);

/* A zeroed object, or NULL when all are taken or the system has no memory. */
void *slab_take(struct slab *slab);
/* The same, but holding whatever its last user left. */
void *slab_take_as_is(struct slab *slab);
void slab_give(struct slab *slab, void *object);
