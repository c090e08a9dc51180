/* Everything a person can write as a value is read here, so that the configuration and
 * the admin socket take the same spellings and answer with the same sentences. */
#include "base/text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char too_large[] = "the number is too large";

struct unit {
    const char *name;
    uint64_t factor;
};

/* From the largest on: text_of_duration takes the first that divides. */
static const struct unit duration_units[] = {
    { "d", 86400000 }, { "h", 3600000 }, { "m", 60000 }, { "s", 1000 }, { "ms", 1 },
};

static const struct unit size_units[] = {
    { "", 1 },
    { "k", 1 << 10 },
    { "m", 1 << 20 },
    { "g", 1 << 30 },
};

static bool is_digit(char letter)
{
    return letter >= '0' && letter <= '9';
}

/* Reads the digits at the start of a text; returns where they end, or NULL when they
 * make a number that does not fit. */
static const char *read_digits(const char *text, uint64_t *number)
{
    uint64_t value = 0;

    for (; is_digit(*text); text++) {
        uint64_t digit = (uint64_t)(*text - '0');

        if (value > (UINT64_MAX - digit) / 10)
            return NULL;
        value = value * 10 + digit;
    }
    *number = value;
    return text;
}

const char *text_read_number(const char *text, uint64_t *number)
{
    uint64_t value;
    const char *end = read_digits(text, &value);

    if (!end)
        return too_large;
    if (end == text || *end)
        return "a number is expected, such as 100";
    *number = value;
    return NULL;
}

static const struct unit *find_unit(const struct unit *units, size_t count,
                                    const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(units[i].name, name))
            return &units[i];
    return NULL;
}

static const char *multiply(uint64_t value, const struct unit *unit, uint64_t *product)
{
    if (value > UINT64_MAX / unit->factor)
        return too_large;
    *product = value * unit->factor;
    return NULL;
}

const char *text_read_duration(const char *text, uint64_t *ms)
{
    uint64_t value;
    const char *name = read_digits(text, &value);
    const struct unit *unit;

    if (!name)
        return too_large;
    if (name != text && !value && !*name)
        return multiply(0, &duration_units[0], ms);
    unit = find_unit(duration_units, COUNT(duration_units), name);
    if (name == text || !unit)
        return "a duration with its unit is expected, such as 500ms, 2s, 1m, 1h or 1d";
    return multiply(value, unit, ms);
}

const char *text_read_size(const char *text, uint64_t *bytes)
{
    uint64_t value;
    const char *name = read_digits(text, &value);
    const struct unit *unit;

    if (!name)
        return too_large;
    unit = find_unit(size_units, COUNT(size_units), name);
    if (name == text || !unit)
        return "a size is expected, such as 4096, 16k, 1m or 1g";
    return multiply(value, unit, bytes);
}

const char *text_read_bool(const char *text, bool *value)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {
        { "yes", true }, { "on", true },   { "true", true },
        { "no", false }, { "off", false }, { "false", false },
    };

    for (size_t i = 0; i < COUNT(words); i++) {
        if (strcmp(words[i].word, text))
            continue;
        *value = words[i].value;
        return NULL;
    }
    return "yes or no is expected (or on, off, true, false)";
}

const char *text_read_mode(const char *text, uint64_t *mode)
{
    size_t length = strlen(text);
    uint64_t value = 0;

    if (length < 3 || length > 4 || strspn(text, "01234567") != length)
        return "permissions are expected as three or four octal digits, such as 0600";
    for (; *text; text++)
        value = value * 8 + (uint64_t)(*text - '0');
    *mode = value;
    return NULL;
}

char *text_of_duration(uint64_t ms, char *out, size_t size)
{
    const struct unit *unit = duration_units;

    while (ms % unit->factor)
        unit++;
    (void)snprintf(out, size, "%" PRIu64 "%s", ms / unit->factor, ms ? unit->name : "");
    return out;
}

/* Longer words have no neighbours worth naming. */
enum { LONGEST_WORD = 63 };

/* The lines of the distance matrix: the present one and the two before it. */
struct matrix {
    size_t before[LONGEST_WORD + 1], last[LONGEST_WORD + 1], line[LONGEST_WORD + 1];
};

static bool is_same_letter(char one, char other)
{
    return tolower((unsigned char)one) == tolower((unsigned char)other);
}

static size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

/* One more letter of `word` against all of `other`; `at` is its number, from 1. */
static void fill_line(struct matrix *matrix, const char *word, const char *other,
                      size_t at)
{
    matrix->line[0] = at;
    for (size_t i = 1; other[i - 1]; i++) {
        bool is_same = is_same_letter(word[at - 1], other[i - 1]);
        size_t distance = matrix->last[i - 1] + !is_same;

        distance = least(distance, least(matrix->last[i], matrix->line[i - 1]) + 1);
        if (at > 1 && i > 1 && is_same_letter(word[at - 1], other[i - 2]) &&
            is_same_letter(word[at - 2], other[i - 1]))
            distance = least(distance, matrix->before[i - 2] + 1);
        matrix->line[i] = distance;
    }
}

/* Letters to add, drop, change or swap with their neighbour (Damerau and Levenshtein). */
static size_t distance_between(const char *word, const char *other)
{
    struct matrix matrix = { 0 };
    size_t length = strlen(other);

    for (size_t i = 0; i <= length; i++)
        matrix.line[i] = i;
    for (size_t at = 1; word[at - 1]; at++) {
        memcpy(matrix.before, matrix.last, sizeof matrix.last);
        memcpy(matrix.last, matrix.line, sizeof matrix.line);
        fill_line(&matrix, word, other, at);
    }
    return matrix.line[length];
}

const char *text_nearest(const char *word, const char *const *candidates)
{
    const char *nearest = NULL;
    size_t length = strnlen(word, LONGEST_WORD + 1);
    size_t most = length / 3 + 1;

    if (length > LONGEST_WORD)
        return NULL;
    for (; *candidates; candidates++) {
        size_t distance;

        if (strnlen(*candidates, LONGEST_WORD + 1) > LONGEST_WORD)
            continue;
        distance = distance_between(word, *candidates);
        if (distance >= most)
            continue;
        most = distance;
        nearest = *candidates;
    }
    return nearest;
}

bool text_is_name(const char *text)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789.:_-";

    return *text && !text[strspn(text, allowed)];
}

size_t text_split(char *text, char **words, size_t most)
{
    static const char blanks[] = " \t\r\n";
    size_t count = 0;

    for (text += strspn(text, blanks); *text; text += strspn(text, blanks)) {
        size_t length = strcspn(text, blanks);
        bool is_last = !text[length];

        if (count < most) {
            words[count] = text;
            text[length] = '\0';
        }
        count++;
        text += length + !is_last;
    }
    return count;
}

/* Writes the letter, or its number; returns how many characters that takes. */
static size_t spell(unsigned char letter, char spelling[4])
{
    static const char digits[] = "0123456789abcdef";

    spelling[0] = (char)letter;
    if (letter >= ' ' && letter <= '~')
        return 1;
    spelling[0] = '\\';
    spelling[1] = 'x';
    spelling[2] = digits[letter >> 4];
    spelling[3] = digits[letter & 15];
    return 4;
}

char *text_escape(const char *text, size_t length, char *out, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < length; i++) {
        char spelling[4];
        size_t wanted = spell((unsigned char)text[i], spelling);

        if (used + wanted >= size)
            break;
        memcpy(out + used, spelling, wanted);
        used += wanted;
    }
    if (size)
        out[used] = '\0';
    return out;
}
