/* Two readings are compared as they would be written: what reads the same is the same. */
#include "config/difference.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/problem.h"
#include "config/document.h"
#include "config/rows.h"
#include "config/settings.h"

#include <stdlib.h>
#include <string.h>

/* A section or an item in both readings, and what a line of the report calls it. */
struct pair {
    const char *subject;
    const void *old, *new;
    struct buffer *out;
};

/* One key of both, as text. */
struct texts {
    struct buffer old, new;
};

static bool read_texts(struct texts *texts, const struct key *key,
                       const struct pair *pair)
{
    *texts = (struct texts){ 0 };
    key_write(key, pair->old, &texts->old);
    key_write(key, pair->new, &texts->new);
    return strcmp(buffer_text(&texts->old), buffer_text(&texts->new));
}

static void forget_texts(struct texts *texts)
{
    buffer_deinit(&texts->old);
    buffer_deinit(&texts->new);
}

static void compare_key(const struct key *key, const struct pair *pair)
{
    struct texts texts;

    if (read_texts(&texts, key, pair))
        buffer_format(pair->out, "%s: %s %s -> %s\n", pair->subject, key->name,
                      buffer_text(&texts.old), buffer_text(&texts.new));
    forget_texts(&texts);
}

static const char *first_word(const struct key *list, const void *object)
{
    const char *word;

    memcpy(&word, (const char *)object + list->item->words->offset, sizeof word);
    return word;
}

/* The items of one reading by their first words: thousands are found as fast as few. */
struct index {
    size_t count;
    struct named {
        const char *word;
        const void *object;
    } * items; /* owned */
};

static int by_word(const void *one, const void *other)
{
    const struct named *left = one, *right = other;

    return strcmp(left->word, right->word);
}

static struct index make_index(const struct key *list, const void *holder)
{
    struct index index = { .count = item_count(list, holder) };

    index.items = memory_new_array(index.count, sizeof *index.items);
    for (size_t i = 0; i < index.count; i++) {
        index.items[i].object = item_at(list, holder, i);
        index.items[i].word = first_word(list, index.items[i].object);
    }
    qsort(index.items, index.count, sizeof *index.items, by_word);
    return index;
}

static const void *find_item(const struct index *index, const char *word)
{
    struct named wanted = { .word = word };
    const struct named *found = bsearch(&wanted, index->items, index->count,
                                        sizeof wanted, by_word);

    return found ? found->object : NULL;
}

/* "server app/a" for what has a name of its own, else "frontend web: bind :80". */
static void write_item_subject(const struct key *list, const struct pair *pair,
                               const char *word, struct buffer *subject)
{
    const char *section = strchr(pair->subject, ' ');

    if (list->item->words->type == KEY_NAME && section)
        buffer_format(subject, "%s %s/%s", list->name, section + 1, word);
    else
        buffer_format(subject, "%s: %s %s", pair->subject, list->name, word);
}

/* The item of one reading, when the other has none of that name. */
static void report_missing(const struct key *list, const struct pair *pair,
                           const char *word, const char *event)
{
    struct buffer subject = { 0 };

    write_item_subject(list, pair, word, &subject);
    buffer_format(pair->out, "%s %s\n", buffer_text(&subject), event);
    buffer_deinit(&subject);
}

static void compare_items(const struct key *list, const struct pair *pair,
                          const void *old, const void *new)
{
    struct buffer subject = { 0 };
    struct pair items = { .old = old, .new = new, .out = pair->out };

    write_item_subject(list, pair, first_word(list, old), &subject);
    items.subject = buffer_text(&subject);
    for (const struct key *key = list->item->words; key->name; key = key_next(key))
        compare_key(key, &items);
    for (const struct key *key = list->item->options; key->name; key = key_next(key))
        compare_key(key, &items);
    buffer_deinit(&subject);
}

static const char *word_at(const struct key *list, const void *holder, size_t index)
{
    return first_word(list, item_at(list, holder, index));
}

/* Both readings of a list. */
struct indexes {
    struct index old, new;
};

/* Do those that are in both come in the same order? */
static bool is_in_order(const struct key *list, const struct pair *pair,
                        const struct indexes *indexes)
{
    size_t count = item_count(list, pair->new), next = 0;

    for (size_t i = 0; i < item_count(list, pair->old); i++) {
        const char *word = word_at(list, pair->old, i);

        if (!find_item(&indexes->new, word))
            continue;
        while (next < count && !find_item(&indexes->old, word_at(list, pair->new, next)))
            next++;
        if (next < count && strcmp(word, word_at(list, pair->new, next)) != 0)
            return false;
        next++;
    }
    return true;
}

static void compare_old(const struct key *list, const struct pair *pair,
                        const struct indexes *indexes)
{
    for (size_t i = 0; i < item_count(list, pair->old); i++) {
        const void *old = item_at(list, pair->old, i);
        const void *new = find_item(&indexes->new, first_word(list, old));

        if (new)
            compare_items(list, pair, old, new);
        else
            report_missing(list, pair, first_word(list, old), "removed");
    }
}

static void compare_list(const struct key *list, const struct pair *pair)
{
    struct indexes indexes = { make_index(list, pair->old), make_index(list, pair->new) };

    compare_old(list, pair, &indexes);
    for (size_t i = 0; i < item_count(list, pair->new); i++) {
        const char *word = word_at(list, pair->new, i);

        if (!find_item(&indexes.old, word))
            report_missing(list, pair, word, "added");
    }
    if (list->item->is_ordered && !is_in_order(list, pair, &indexes))
        buffer_format(pair->out, "%s: %s in another order\n", pair->subject, list->name);
    free(indexes.old.items);
    free(indexes.new.items);
}

static void compare_section(const struct section_row *row, const struct pair *pair)
{
    for (const struct key *key = row->keys; key->name; key = key_next(key)) {
        if (key->type == KEY_LIST)
            compare_list(key, pair);
        else
            compare_key(key, pair);
    }
}

/* Sections with a name, whatever they hold. */
union section_object {
    struct frontend_settings frontend;
    struct backend_rules backend;
};

struct group {
    enum section_id id;
    size_t (*count)(const struct settings *settings);
    const char *(*load)(const struct settings *settings, size_t index,
                        union section_object *object); /* returns its name */
};

static size_t count_frontends(const struct settings *settings)
{
    return settings->frontend_count;
}

static const char *load_frontend(const struct settings *settings, size_t index,
                                 union section_object *object)
{
    object->frontend = settings->frontends[index];
    return object->frontend.name;
}

static size_t count_backends(const struct settings *settings)
{
    return settings->backend_count;
}

static const char *load_backend(const struct settings *settings, size_t index,
                                union section_object *object)
{
    object->backend.backend = settings->backends[index];
    object->backend.check = settings->checks[index];
    return object->backend.backend.name;
}

static const struct group groups[] = {
    { SECTION_FRONTEND, count_frontends, load_frontend },
    { SECTION_BACKEND, count_backends, load_backend },
};

static bool load_named(const struct group *group, const struct settings *settings,
                       const char *name, union section_object *object)
{
    for (size_t i = 0; i < group->count(settings); i++)
        if (!strcmp(group->load(settings, i, object), name))
            return true;
    return false;
}

static void write_removed(const struct group *group, const struct settings *old,
                          const struct settings *new, struct buffer *out)
{
    union section_object object, other;

    for (size_t i = 0; i < group->count(old); i++) {
        const char *name = group->load(old, i, &object);

        if (!load_named(group, new, name, &other))
            buffer_format(out, "%s %s removed\n", schema_section(group->id)->kind, name);
    }
}

static void write_changed(const struct group *group, const struct settings *old,
                          const struct settings *new, struct buffer *out)
{
    const struct section_row *row = schema_section(group->id);
    union section_object before, now;

    for (size_t i = 0; i < group->count(new); i++) {
        const char *name = group->load(new, i, &now);
        struct pair pair = { .old = &before, .new = &now, .out = out };
        struct buffer subject = { 0 };

        buffer_format(&subject, "%s %s", row->kind, name);
        pair.subject = buffer_text(&subject);
        if (load_named(group, old, name, &before))
            compare_section(row, &pair);
        else
            buffer_format(out, "%s added\n", pair.subject);
        buffer_deinit(&subject);
    }
}

void difference_write(const struct settings *old, const struct settings *new,
                      struct buffer *out)
{
    const struct pair global = { "global", &old->global, &new->global, out };
    const struct pair admin = { "admin", &old->admin, &new->admin, out };

    compare_section(schema_section(SECTION_GLOBAL), &global);
    compare_section(schema_section(SECTION_ADMIN), &admin);
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        write_removed(&groups[i], old, new, out);
        write_changed(&groups[i], old, new, out);
    }
}

/* Where the new reading sets the key, or would have to. */
static struct place place_of(const struct settings *settings, const char *key)
{
    const struct section *section = document_find_section(settings->document, "global",
                                                          NULL);
    const struct entry *entry = section ? document_find_entry(section, key) : NULL;

    return entry ? entry->place : settings->global.place;
}

bool difference_in_fixed(const struct settings *old, const struct settings *new,
                         struct problems *problems)
{
    const struct pair global = { "global", &old->global, &new->global, NULL };
    bool has_fixed = false;

    for (const struct key *key = schema_section(SECTION_GLOBAL)->keys; key->name;
         key = key_next(key)) {
        struct texts texts;
        bool differs = read_texts(&texts, key, &global);

        if (key->fixed && differs) {
            problem_add_at(problems, place_of(new, key->name),
                           "%s = %s: only a restart can change it from %s", key->name,
                           buffer_text(&texts.new), buffer_text(&texts.old));
            has_fixed = true;
        }
        forget_texts(&texts);
    }
    return has_fixed;
}
