/* The data path's memory: a session costs one object here and no call of malloc but the
 * few that take a chunk. Objects given back are poisoned under AddressSanitizer, which
 * would otherwise not see that somebody still uses one. */
#include "base/slab.h"

#include "base/memory.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(bytes, size) ((void)(bytes), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(bytes, size) ((void)(bytes), (void)(size))
#endif

enum {
    CHUNK_BYTES = 64 * 1024,
    KEPT_BYTES = 4 * 1024 * 1024, /* once nothing is used */
};

struct chunk {
    struct chunk *next;
    _Alignas(max_align_t) char objects[];
};

struct spare {
    struct spare *next;
};

static size_t rounded_up(size_t size)
{
    size_t unit = _Alignof(max_align_t);

    ensure(size <= SIZE_MAX - unit);
    return size ? (size + unit - 1) / unit * unit : unit;
}

void slab_init(struct slab *slab, size_t size, size_t most)
{
    *slab = (struct slab){ .size = rounded_up(size), .most = most };
}

static void free_chunks(struct slab *slab)
{
    struct chunk *chunk = slab->chunks;

    while (chunk) {
        struct chunk *next = chunk->next;

        free(chunk);
        chunk = next;
    }
    slab->chunks = slab->free = NULL;
    slab->made = 0;
}

void slab_deinit(struct slab *slab)
{
    free_chunks(slab);
    *slab = (struct slab){ .size = slab->size };
}

static void put_aside(struct slab *slab, void *object)
{
    struct spare *spare = object;

    spare->next = slab->free;
    slab->free = spare;
    ASAN_POISON_MEMORY_REGION(spare + 1, slab->size - sizeof *spare);
}

static size_t chunk_count(const struct slab *slab)
{
    size_t fitting = (CHUNK_BYTES - sizeof(struct chunk)) / slab->size;
    size_t allowed = slab->most > slab->made ? slab->most - slab->made : 0;

    if (!fitting)
        fitting = 1;
    return fitting < allowed ? fitting : allowed;
}

static void take_chunk(struct slab *slab)
{
    size_t count = chunk_count(slab);
    struct chunk *chunk = count ? malloc(sizeof *chunk + count * slab->size) : NULL;

    if (!chunk)
        return;
    chunk->next = slab->chunks;
    slab->chunks = chunk;
    slab->made += count;
    while (count--)
        put_aside(slab, chunk->objects + count * slab->size);
}

void *slab_take_as_is(struct slab *slab)
{
    struct spare *spare;

    if (!slab->free)
        take_chunk(slab);
    spare = slab->free;
    if (!spare)
        return NULL;
    slab->free = spare->next;
    slab->used++;
    ASAN_UNPOISON_MEMORY_REGION(spare, slab->size);
    return spare;
}

void *slab_take(struct slab *slab)
{
    void *object = slab_take_as_is(slab);

    return object ? memset(object, 0, slab->size) : NULL;
}

void slab_give(struct slab *slab, void *object)
{
    if (!object)
        return;
    ensure(slab->used);
    slab->used--;
    put_aside(slab, object);
    /* A burst of large objects is not kept for ever. */
    if (!slab->used && slab->made * slab->size > KEPT_BYTES)
        free_chunks(slab);
}
