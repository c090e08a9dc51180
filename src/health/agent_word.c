/* HAProxy's agent protocol, read so that one line never means more than one thing. */
#include "health/agent_word.h"

#include "backend/server.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { ALL = 100 };

static const struct state {
    const char *name;
    unsigned will;
    bool is_down;
} states[] = {
    { "up", 0, false },
    { "ready", 0, false },
    { "drain", WILL_DRAIN, false },
    { "maint", WILL_MAINT, false },
    { "down", 0, true },
    { "stopped", 0, true },
    { "fail", 0, true },
    { "failed", 0, true },
};

struct piece {
    const char *text;
    size_t length;
};

static bool is_gap(char letter)
{
    return letter == ' ' || letter == '\t' || letter == ',';
}

/* Digits and nothing else; what is too large is as large as can be. */
static bool read_number(const char *text, size_t length, unsigned *number)
{
    *number = 0;
    for (size_t i = 0; i < length; i++) {
        if (!isdigit((unsigned char)text[i]))
            return false;
        if (*number < 100000000)
            *number = *number * 10 + (unsigned)(text[i] - '0');
    }
    return length > 0;
}

/* "name:N" */
static bool read_named(const struct piece *piece, const char *name, unsigned *number)
{
    size_t length = strlen(name);

    return piece->length > length && !strncasecmp(piece->text, name, length) &&
           read_number(piece->text + length, piece->length - length, number);
}

static bool take_state(struct agent_word *word, const struct piece *piece)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (strlen(states[i].name) != piece->length ||
            strncasecmp(states[i].name, piece->text, piece->length) != 0)
            continue;
        word->is_down |= states[i].is_down;
        word->will |= states[i].will;
        return true;
    }
    return false;
}

static bool take_number(struct agent_word *word, const struct piece *piece)
{
    bool is_percent = piece->length && piece->text[piece->length - 1] == '%';
    unsigned number;

    if (is_percent && read_number(piece->text, piece->length - 1, &number))
        word->percent = number < word->percent ? number : word->percent;
    else if (read_named(piece, "maxconn:", &number))
        word->maxconn = number && (!word->maxconn || number < word->maxconn)
                            ? number
                            : word->maxconn;
    else if (read_named(piece, "weight:", &number))
        word->weight = word->weight == AGENT_WEIGHT_UNSAID || (int)number < word->weight
                           ? (int)number
                           : word->weight;
    else
        return false;
    return true;
}

static void take(struct agent_word *word, const struct piece *piece)
{
    if (take_state(word, piece) || take_number(word, piece))
        word->is_understood = true;
    else if (!*word->stranger)
        (void)text_escape(piece->text, piece->length, word->stranger,
                          sizeof word->stranger);
}

/* "#why" ends the words of the line. */
static size_t take_reason(struct agent_word *word, const char *line, size_t length)
{
    const char *sharp = memchr(line, '#', length);
    size_t words = sharp ? (size_t)(sharp - line) : length;

    if (sharp)
        (void)text_escape(sharp + 1, length - words - 1, word->reason,
                          sizeof word->reason);
    return words;
}

struct agent_word agent_word_read(const char *line, size_t length)
{
    struct agent_word word = { .percent = ALL, .weight = AGENT_WEIGHT_UNSAID };
    size_t end = take_reason(&word, line, length);

    for (size_t at = 0; at < end; at++) {
        struct piece piece = { line + at, 0 };

        while (at < end && !is_gap(line[at]))
            at++;
        piece.length = (size_t)(line + at - piece.text);
        if (piece.length)
            take(&word, &piece);
    }
    return word;
}
