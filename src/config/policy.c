/* Small grammars, word by word. */
#include "config/policy.h"

#include "backend/recovery_settings.h"
#include "base/arena.h"
#include "base/text.h"
#include "proxy/frontend_settings.h"

#include <string.h>

enum { WORDS_MOST = 5, RATE_MOST = 1000000, SHARE_MOST = 100000 };

struct words {
    char *list[WORDS_MOST + 1];
    size_t count; /* more than WORDS_MOST: too many */
};

static struct words split(const char *text, struct arena *arena)
{
    struct words words = { { NULL }, 0 };

    words.count = text_split(arena_copy(arena, text, strlen(text)), words.list,
                             WORDS_MOST);
    return words;
}

const char *policy_read_share(void *object, struct arena *arena)
{
    struct share *share = object;
    size_t length = strlen(share->text);
    char *digits = arena_copy(arena, share->text, length);
    uint64_t amount;

    share->is_percent = length && digits[length - 1] == '%';
    if (share->is_percent)
        digits[length - 1] = '\0';
    if (text_read_number(digits, &amount) || amount > SHARE_MOST)
        return "a number of servers, or a share such as 50%, is expected";
    if (share->is_percent && amount > 100)
        return "a share is at most 100%";
    share->amount = (unsigned)amount;
    return NULL;
}

/* "50/s" */
static const char *read_rate(char *word, unsigned *rate)
{
    char *slash = strchr(word, '/');
    uint64_t number;

    if (!slash || strcmp(slash, "/s") != 0)
        return "a rate is written as 50/s";
    *slash = '\0';
    if (text_read_number(word, &number) || !number || number > RATE_MOST)
        return "a rate is 1/s to 1000000/s";
    *rate = (unsigned)number;
    return NULL;
}

static const char *read_kill(struct on_down_settings *on_down, const struct words *words)
{
    for (size_t i = 1; i + 1 < words->count; i += 2) {
        const char *wrong = "must be kill [after DURATION] [rate N/s]";

        if (!strcmp(words->list[i], "after"))
            wrong = text_read_duration(words->list[i + 1], &on_down->after_ms);
        else if (!strcmp(words->list[i], "rate"))
            wrong = read_rate(words->list[i + 1], &on_down->rate);
        if (wrong)
            return wrong;
    }
    return words->count % 2 ? NULL : "a value is missing behind the last word";
}

const char *policy_read_on_down(void *object, struct arena *arena)
{
    static const char *const names[] = { "keep", "drain", "kill" };
    struct on_down_settings *on_down = object;
    struct words words = split(on_down->text, arena);

    *on_down = (struct on_down_settings){ .text = on_down->text };
    for (unsigned i = 0; i < sizeof names / sizeof *names && words.count; i++) {
        if (strcmp(names[i], words.list[0]) != 0)
            continue;
        on_down->what = (enum on_down)i;
        if (words.count == 1)
            return NULL;
        if (i == ON_DOWN_KILL && words.count <= WORDS_MOST)
            return read_kill(on_down, &words);
    }
    return "must be keep, drain or kill [after DURATION] [rate N/s]";
}

const char *policy_read_when_empty(void *object, struct arena *arena)
{
    struct when_empty_settings *when = object;
    struct words words = split(when->text, arena);

    *when = (struct when_empty_settings){ .text = when->text };
    if (words.count == 2 && !strcmp(words.list[0], "hold")) {
        when->what = WHEN_EMPTY_HOLD;
        return text_read_duration(words.list[1], &when->hold_ms);
    }
    if (words.count == 1 && !strcmp(words.list[0], "close"))
        when->what = WHEN_EMPTY_CLOSE;
    else if (words.count != 1 || strcmp(words.list[0], "refuse") != 0)
        return "must be refuse, hold DURATION or close";
    return NULL;
}
