/* Start, reload and administration cannot go on without memory, so nobody above checks
 * for NULL: this is the one place that does. */
#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *existing(void *memory)
{
    if (memory)
        return memory;
    (void)fputs("usher: the system has no memory left\n", stderr);
    abort();
}

void *memory_new(size_t size)
{
    return memory_new_array(1, size);
}

void *memory_new_array(size_t count, size_t size)
{
    /* calloc may answer NULL to a request for nothing. */
    if (!count || !size)
        return existing(calloc(1, 1));
    return existing(calloc(count, size));
}

void *memory_resize(void *old, size_t size)
{
    return existing(realloc(old, size ? size : 1));
}

char *memory_copy_text(const char *text)
{
    return existing(strdup(text));
}

void memory_promise_broken(const char *condition, const char *file, int line)
{
    (void)fprintf(stderr, "usher: a promise was broken at %s:%d: %s\n", file, line,
                  condition);
    abort();
}
