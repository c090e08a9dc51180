/* What a configuration file says before anything of it is understood: sections with
 * their entries, each with its place. Main only; all of it lives in the arena. */
#pragma once

#include "base/list.h"
#include "base/problem.h"

struct arena;

/* One line `key = value`. */
struct entry {
    struct link link; /* in its section */
    struct place place;
    const char *key;
    const char *value; /* NULL: could not be made out, and that is reported already */
};

struct section {
    struct link link; /* in the document */
    struct place place;
    const char *title; /* "frontend web" */
    const char *kind;  /* "frontend" */
    const char *name;  /* "web"; NULL for none */
    struct link entries;
};

struct document {
    struct arena *arena; /* borrowed */
    const char *path;    /* of the first file */
    struct link sections;
};

struct document *document_create(struct arena *arena, const char *path);

/* The name may be NULL. A section that belongs to no document can still be filled. */
struct section *document_new_section(const struct document *document, const char *kind,
                                     const char *name);
void document_add_section(struct document *document, struct section *section);
void document_add_entry(const struct document *document, struct section *section,
                        const struct entry *entry);

/* NULL for none. The name may be NULL. */
struct section *document_find_section(const struct document *document, const char *kind,
                                      const char *name);
/* The first of that key, or NULL. */
const struct entry *document_find_entry(const struct section *section, const char *key);
/* Where a section sets the key, or else where it begins. */
struct place document_place(const struct document *document, const char *kind,
                            const char *name, const char *key);
size_t document_count_sections(const struct document *document, const char *kind);
size_t document_count_entries(const struct section *section, const char *key);
