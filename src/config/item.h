/* One line of a list: `server = NAME ADDRESS [weight=N] [backup]`. Main only.
 *
 * Its words and its options are keys as well; the struct begins with its place. */
#pragma once

#include "base/problem.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buffer;
struct entry;
struct key;
struct section;

struct item {
    size_t size;
    size_t count_offset;       /* of the size_t beside the array */
    const struct key *words;   /* in their order; all are required */
    const struct key *options; /* in any order */
    bool is_plain;     /* one word is all that a line says; the array is of these */
    bool is_ordered;   /* earlier lines come before later ones */
    bool is_separated; /* a comma in a line is as good as a new line */
    const char *form;  /* how a line is written; NULL: by its words and options */
    /* Given, the whole line is its one word, and is read further by this. */
    const char *(*read)(void *object, struct arena *arena);
    /* Reads the last word further; NULL or a sentence that says what is wrong. */
    const char *(*finish)(void *object);
};

/* The list's key and the struct that holds its array. */
struct item_list {
    const struct key *key;
    void *holder;
    struct arena *arena;
    struct problems *problems;
};

/* Makes room for all that the section's lines may say; before the first item. */
void item_reserve(const struct item_list *list, const struct section *section);
/* Adds what the line says, but for what has a problem in it. */
void item_add(const struct item_list *list, const struct entry *entry);

/* "NAME ADDRESS [weight=WEIGHT] [backup]" */
void item_describe(const struct item *item, struct buffer *out);

/* The array of a holder, for those who only look. */
size_t item_count(const struct key *key, const void *holder);
const void *item_at(const struct key *key, const void *holder, size_t index);
