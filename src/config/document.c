/* The reader fills a document; everything after it asks the document, never the file. */
#include "config/document.h"

#include "base/arena.h"
#include "base/memory.h"

#include <string.h>

struct document *document_create(struct arena *arena, const char *path)
{
    struct document *document = arena_new(arena, sizeof *document);

    document->arena = arena;
    document->path = arena_copy(arena, path, strlen(path));
    list_init(&document->sections);
    return document;
}

struct section *document_new_section(const struct document *document, const char *kind,
                                     const char *name)
{
    struct section *section = arena_new(document->arena, sizeof *section);

    section->kind = arena_copy(document->arena, kind, strlen(kind));
    section->name = name ? arena_copy(document->arena, name, strlen(name)) : NULL;
    section->title = name ? arena_format(document->arena, "%s %s", kind, name)
                          : section->kind;
    list_init(&section->link);
    list_init(&section->entries);
    return section;
}

void document_add_section(struct document *document, struct section *section)
{
    list_append(&document->sections, &section->link);
}

void document_add_entry(const struct document *document, struct section *section,
                        const struct entry *entry)
{
    struct entry *copy = arena_new(document->arena, sizeof *copy);

    *copy = *entry;
    list_append(&section->entries, &copy->link);
}

static bool is_same_name(const char *one, const char *other)
{
    return one && other ? !strcmp(one, other) : one == other;
}

struct section *document_find_section(const struct document *document, const char *kind,
                                      const char *name)
{
    list_each(link, &document->sections) {
        struct section *section = list_object(link, struct section, link);

        if (!strcmp(section->kind, kind) && is_same_name(section->name, name))
            return section;
    }
    return NULL;
}

const struct entry *document_find_entry(const struct section *section, const char *key)
{
    list_each(link, &section->entries) {
        const struct entry *entry = list_object(link, struct entry, link);

        if (!strcmp(entry->key, key))
            return entry;
    }
    return NULL;
}

struct place document_place(const struct document *document, const char *kind,
                            const char *name, const char *key)
{
    const struct section *section = document_find_section(document, kind, name);
    const struct entry *entry;

    ensure(section);
    entry = document_find_entry(section, key);
    return entry ? entry->place : section->place;
}

size_t document_count_sections(const struct document *document, const char *kind)
{
    size_t count = 0;

    list_each(link, &document->sections)
        count += !strcmp(list_object(link, struct section, link)->kind, kind);
    return count;
}

size_t document_count_entries(const struct section *section, const char *key)
{
    size_t count = 0;

    list_each(link, &section->entries)
        count += !strcmp(list_object(link, struct entry, link)->key, key);
    return count;
}
