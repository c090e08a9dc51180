/* Lists are arrays of structs that other modules define; this is the only place that
 * knows them by size and offset. */
#include "config/item.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/text.h"
#include "config/document.h"
#include "config/key.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

enum { WORDS_MOST = 16 };

struct line {
    const struct item_list *list;
    const struct item *item;
    const struct entry *entry;
    char *object;
    char *words[WORDS_MOST];
    size_t count;
    uint64_t given; /* a bit for each option */
    bool is_wrong;
};

/* The line is told by its key and its first word. */
static void report(struct line *line, const char *word, const char *sentence)
{
    const char *first = line->words[0];

    line->is_wrong = true;
    if (word == first)
        problem_add_at(line->list->problems, line->entry->place, "%s = %s: %s",
                       line->entry->key, first, sentence);
    else
        problem_add_at(line->list->problems, line->entry->place, "%s = %s: %s: %s",
                       line->entry->key, first, word, sentence);
}

static size_t count_words(const struct item *item)
{
    size_t count = 0;

    while (item->words[count].name)
        count++;
    return count;
}

static void read_words(struct line *line)
{
    const struct key *keys = line->item->words;
    size_t last = count_words(line->item) - 1;
    const char *wrong = NULL;

    for (size_t i = 0; i <= last; i++) {
        wrong = key_read(&keys[i], line->words[i], line->object, line->list->arena);
        if (wrong)
            report(line, line->words[i], wrong);
    }
    if (wrong)
        return;
    if (line->item->read)
        wrong = line->item->read(line->object, line->list->arena);
    else if (line->item->finish)
        wrong = line->item->finish(line->object);
    if (wrong)
        report(line, line->words[last], wrong);
}

static void report_unknown(struct line *line, const char *name)
{
    const struct key *nearest = key_nearest(line->item->options, name);
    const char *sentence = "unknown option";

    if (nearest)
        sentence = arena_format(line->list->arena, "unknown option; did you mean \"%s\"?",
                                nearest->name);
    report(line, name, sentence);
}

/* NULL when the option may stand here. */
static const char *check_use(const struct line *line, const struct key *option,
                             bool has_value)
{
    size_t index = (size_t)(option - line->item->options);

    if (line->given & ((uint64_t)1 << index))
        return "is given twice";
    if (option->type == KEY_FLAG && has_value)
        return "takes no value";
    if (option->type != KEY_FLAG && !has_value)
        return arena_format(line->list->arena, "a value is missing: write %s=VALUE",
                            option->name);
    if (!line->is_wrong && option->applies && !option->applies(line->object))
        return arena_format(line->list->arena, "is for %s only", option->applies_to);
    return NULL;
}

static void read_option(struct line *line, const char *word)
{
    struct arena *arena = line->list->arena;
    const char *equals = strchr(word, '=');
    const char *name = arena_copy(arena, word, strcspn(word, "="));
    const struct key *option = key_find(line->item->options, name);
    const char *wrong;

    if (!option) {
        report_unknown(line, name);
        return;
    }
    wrong = check_use(line, option, equals);
    if (!wrong)
        wrong = key_read(option, equals ? equals + 1 : "yes", line->object, arena);
    if (wrong)
        report(line, word, wrong);
    line->given |= (uint64_t)1 << (option - line->item->options);
}

static void read_line(struct line *line)
{
    size_t needed = count_words(line->item);
    size_t most = line->item->options->name ? WORDS_MOST : needed;
    struct buffer form = { 0 };

    if (line->count < needed || line->count > most) {
        item_describe(line->item, &form);
        problem_add_at(line->list->problems, line->entry->place, "%s = %s: write %s = %s",
                       line->entry->key, line->entry->value, line->entry->key,
                       buffer_text(&form));
        buffer_deinit(&form);
        line->is_wrong = true;
        return;
    }
    read_words(line);
    for (size_t i = needed; i < line->count; i++)
        read_option(line, line->words[i]);
}

/* Arrays of any struct are reached as arrays of bytes. */
static char *array_of(const struct key *key, const void *holder)
{
    char *array;

    memcpy(&array, (const char *)holder + key->offset, sizeof array);
    return array;
}

static size_t *count_of(const struct item_list *list)
{
    return (size_t *)(void *)((char *)list->holder + list->key->item->count_offset);
}

static size_t count_commas(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += *text == ',';
    return count;
}

void item_reserve(const struct item_list *list, const struct section *section)
{
    size_t count = document_count_entries(section, list->key->name);
    void *array;

    list_each(link, &section->entries) {
        const struct entry *entry = list_object(link, struct entry, link);

        if (list->key->item->is_separated && entry->value)
            count += count_commas(entry->value);
    }
    array = arena_new(list->arena, count * list->key->item->size);
    memcpy((char *)list->holder + list->key->offset, &array, sizeof array);
    *count_of(list) = 0;
}

static void add_text(const struct item_list *list, const struct entry *entry, char *text)
{
    size_t *count = count_of(list);
    const struct item *item = list->key->item;
    struct line line = {
        .list = list,
        .item = item,
        .entry = entry,
        .object = array_of(list->key, list->holder) + *count * item->size,
    };

    if (item->read)
        line.words[line.count++] = text;
    else
        line.count = text_split(text, line.words, WORDS_MOST);
    memset(line.object, 0, item->size);
    if (!item->is_plain)
        memcpy(line.object, &entry->place, sizeof entry->place);
    key_set_initials(item->options, line.object, list->arena);
    read_line(&line);
    *count += !line.is_wrong;
}

void item_add(const struct item_list *list, const struct entry *entry)
{
    char *text = arena_copy(list->arena, entry->value, strlen(entry->value));
    char *rest;

    if (!list->key->item->is_separated) {
        add_text(list, entry, text);
        return;
    }
    for (rest = text; text; text = rest) {
        text = strsep(&rest, ",");
        add_text(list, entry, text);
    }
}

static void write_capitals(const char *word, struct buffer *out)
{
    for (; *word; word++) {
        char letter = (char)toupper((unsigned char)*word);

        buffer_add(out, &letter, 1);
    }
}

void item_describe(const struct item *item, struct buffer *out)
{
    if (item->form) {
        buffer_add_text(out, item->form);
        return;
    }
    for (const struct key *word = item->words; word->name; word++) {
        if (word != item->words)
            buffer_add_text(out, " ");
        write_capitals(word->name, out);
    }
    for (const struct key *option = item->options; option->name; option++) {
        buffer_format(out, " [%s", option->name);
        if (option->type != KEY_FLAG) {
            buffer_add_text(out, "=");
            write_capitals(option->name, out);
        }
        buffer_add_text(out, "]");
    }
}

size_t item_count(const struct key *key, const void *holder)
{
    return *(const size_t *)(const void *)((const char *)holder +
                                           key->item->count_offset);
}

const void *item_at(const struct key *key, const void *holder, size_t index)
{
    return array_of(key, holder) + index * key->item->size;
}
