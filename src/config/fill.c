/* The only loop over the entries of a section: each finds its row, and the row says the
 * rest. What finds none is reported with the place where it would be right. */
#include "config/fill.h"

#include "base/buffer.h"
#include "config/document.h"
#include "config/rows.h"

#include <string.h>

/* " in [backend app]" cannot be guessed from a key that several sections know. */
static void write_homes(const char *key, struct buffer *out)
{
    for (size_t i = 0; i < SECTIONS; i++) {
        const struct section_row *row = schema_section((enum section_id)i);

        if (!row->keys || !key_find(row->keys, key))
            continue;
        buffer_format(out, "%s[%s%s]", out->length ? " or " : "", row->kind,
                      row->sample_name ? " ..." : "");
    }
}

static const struct key *find_nearest(const struct fill *fills, size_t count,
                                      const char *key)
{
    const struct key *nearest = NULL;

    for (size_t i = 0; i < count && !nearest; i++)
        nearest = key_nearest(fills[i].row->keys, key);
    return nearest;
}

static void report_unknown(const struct fill *fills, size_t count,
                           const struct entry *entry)
{
    const char *title = fills->section->title;
    const struct key *nearest = find_nearest(fills, count, entry->key);
    struct buffer homes = { 0 };

    write_homes(entry->key, &homes);
    if (homes.length)
        problem_add_at(fills->problems, entry->place, "\"%s\" belongs in %s, not in [%s]",
                       entry->key, buffer_text(&homes), title);
    else if (nearest)
        problem_add_at(fills->problems, entry->place,
                       "unknown key \"%s\" in [%s]; did you mean \"%s\"?", entry->key,
                       title, nearest->name);
    else
        problem_add_at(fills->problems, entry->place, "unknown key \"%.60s\" in [%s]",
                       entry->key, title);
    buffer_deinit(&homes);
}

/* Reports it, too. */
static bool is_repeated(const struct fill *fill, const struct entry *entry)
{
    const struct entry *first = document_find_entry(fill->section, entry->key);

    if (first == entry)
        return false;
    problem_add_at(fill->problems, entry->place, "\"%s\" is set at %s:%u already",
                   entry->key, first->place.file, first->place.line);
    return true;
}

static void add_item(const struct fill *fill, const struct key *key,
                     const struct entry *entry)
{
    struct item_list list = { key, fill->object, fill->arena, fill->problems };

    if (document_find_entry(fill->section, entry->key) == entry)
        item_reserve(&list, fill->section);
    if (entry->value)
        item_add(&list, entry);
}

static bool set_value(const struct fill *fill, const struct key *key,
                      const struct entry *entry)
{
    const char *wrong;

    if (!entry->value)
        return false;
    wrong = key_read(key, entry->value, fill->object, fill->arena);
    if (wrong)
        problem_add_at(fill->problems, entry->place, "%s = %s: %s", entry->key,
                       entry->value, wrong);
    return !wrong;
}

static void take_entry(const struct fill *fill, const struct entry *entry)
{
    const struct key *key = key_find(fill->row->keys, entry->key);

    if (!key)
        report_unknown(fill, 1, entry);
    else if (key->type == KEY_LIST)
        add_item(fill, key, entry);
    else if (!is_repeated(fill, entry))
        (void)set_value(fill, key, entry);
}

static void check_required(const struct fill *fill)
{
    for (const struct key *key = fill->row->keys; key->name; key = key_next(key))
        if (key->required && !document_find_entry(fill->section, key->name))
            problem_add_at(fill->problems, fill->section->place, "[%s] needs a \"%s\"",
                           fill->section->title, key->name);
}

/* The first key that is missing beside this one; NULL for none. */
static const struct key *find_missing(const struct fill *fill, const struct key *key)
{
    const size_t most = sizeof key->needs / sizeof *key->needs;

    for (size_t i = 0; i < most && key->needs[i]; i++) {
        const struct key *needed = key_find(fill->row->keys, key->needs[i]);
        bool is_tried = needed->type == KEY_LIST &&
                        document_find_entry(fill->section, needed->name);

        if (!is_tried && !key_is_set(needed, fill->object))
            return needed;
    }
    return NULL;
}

/* What comes from [defaults] may well have no use here. */
static void check_needs(const struct fill *fill)
{
    for (const struct key *key = fill->row->keys; key->name; key = key_next(key)) {
        const struct entry *entry = document_find_entry(fill->section, key->name);
        const struct key *missing = entry ? find_missing(fill, key) : NULL;

        if (missing && entry->value)
            problem_add_at(fill->problems, entry->place, "%s = %s: needs \"%s%s\"",
                           entry->key, entry->value, missing->name,
                           missing->type == KEY_BOOL ? " = yes" : "");
    }
}

void fill_section(const struct fill *fill)
{
    list_each(link, &fill->section->entries)
        take_entry(fill, list_object(link, struct entry, link));
    check_required(fill);
    check_needs(fill);
}

/* What is wrong for one object is wrong for the other, and said once. */
static void take_default(const struct fill fills[2], const struct entry *entry)
{
    const struct key *keys[2];
    bool is_good = true, is_known = false;

    for (size_t i = 0; i < 2; i++) {
        keys[i] = key_find(fills[i].row->keys, entry->key);
        if (keys[i] && keys[i]->own)
            keys[i] = NULL;
        is_known = is_known || keys[i];
    }
    if (!is_known)
        report_unknown(fills, 2, entry);
    if (!is_known || is_repeated(fills, entry))
        return;
    for (size_t i = 0; i < 2 && is_good; i++)
        is_good = !keys[i] || set_value(&fills[i], keys[i], entry);
}

void fill_defaults(const struct fill fills[2])
{
    list_each(link, &fills->section->entries)
        take_default(fills, list_object(link, struct entry, link));
}
