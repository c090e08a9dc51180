/* Any text as a number, a duration, a size, permissions, yes or no, and as words. */
#include "base/text.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A duration reads the same from its shortest spelling. */
static void spell_again(uint64_t ms)
{
    char spelled[32];
    uint64_t again;

    ensure(!text_read_duration(text_of_duration(ms, spelled, sizeof spelled), &again));
    ensure(again == ms);
}

static void read_words(char *text)
{
    static const char *const candidates[] = { "balance", "bind", "backend", NULL };
    char *words[WORDS];
    size_t count = text_split(text, words, WORDS);

    for (size_t i = 0; i < count && i < WORDS; i++) {
        (void)text_is_name(words[i]);
        (void)text_nearest(words[i], candidates);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = memory_new(size + 1), escaped[64];
    uint64_t number;
    bool flag;

    memcpy(text, data, size);
    if (!text_read_duration(text, &number))
        spell_again(number);
    (void)text_read_number(text, &number);
    (void)text_read_size(text, &number);
    (void)text_read_mode(text, &number);
    (void)text_read_bool(text, &flag);
    (void)text_escape(text, size, escaped, sizeof escaped);
    read_words(text);
    free(text);
    return 0;
}
