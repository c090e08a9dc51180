/* One reading of the configuration makes thousands of small texts that all die with it;
 * they lie one behind the other in a few pieces. */
#include "base/arena.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE_BYTES = 16 * 1024 };

struct piece {
    struct piece *next;
    size_t used, room;
    _Alignas(max_align_t) char bytes[];
};

struct farewell {
    struct farewell *next;
    void (*call)(void *object);
    void *object;
};

struct arena {
    struct piece *pieces;       /* the first is the one being filled */
    struct farewell *farewells; /* in the arena, the last one first */
};

struct arena *arena_create(void)
{
    return memory_new(sizeof(struct arena));
}

void arena_destroy(struct arena *arena)
{
    if (!arena)
        return;
    for (struct farewell *each = arena->farewells; each; each = each->next)
        each->call(each->object);
    while (arena->pieces) {
        struct piece *piece = arena->pieces;

        arena->pieces = piece->next;
        free(piece);
    }
    free(arena);
}

static struct piece *add_piece(struct arena *arena, size_t size)
{
    size_t room = size > PIECE_BYTES ? size : PIECE_BYTES;
    struct piece *piece = memory_new(sizeof *piece + room);

    piece->room = room;
    piece->next = arena->pieces;
    arena->pieces = piece;
    return piece;
}

void *arena_new(struct arena *arena, size_t size)
{
    struct piece *piece = arena->pieces;
    size_t unit = _Alignof(max_align_t);
    char *bytes;

    ensure(size < SIZE_MAX / 2);
    size = size ? (size + unit - 1) / unit * unit : unit;
    if (!piece || piece->room - piece->used < size)
        piece = add_piece(arena, size);
    bytes = piece->bytes + piece->used;
    piece->used += size;
    return bytes;
}

void arena_on_end(struct arena *arena, void (*call)(void *object), void *object)
{
    struct farewell *farewell = arena_new(arena, sizeof *farewell);

    *farewell = (struct farewell){ arena->farewells, call, object };
    arena->farewells = farewell;
}

char *arena_copy(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_new(arena, length + 1);

    if (length)
        memcpy(copy, text, length);
    return copy;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;
    char *text;
    int length;

    va_start(arguments, format);
    va_copy(again, arguments);
    length = vsnprintf(NULL, 0, format, arguments);
    ensure(length >= 0);
    text = arena_new(arena, (size_t)length + 1);
    (void)vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(arguments);
    return text;
}
