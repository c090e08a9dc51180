/* Things that die together: texts and arrays of one reading of the configuration. */
#pragma once

#include <stddef.h>

struct arena;

struct arena *arena_create(void);
void arena_destroy(struct arena *arena);

/* Zeroed, aligned for any type, valid until the arena is destroyed. Never NULL. */
void *arena_new(struct arena *arena, size_t size);
/* Called when the arena is destroyed, before its memory goes: for what owns more. */
void arena_on_end(struct arena *arena, void (*call)(void *object), void *object);
char *arena_copy(struct arena *arena, const char *text, size_t length);
char *arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
