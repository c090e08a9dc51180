/* What a client says is understood in two steps: here as words, then as commands. */
#include "admin/line.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static bool is_blank(char letter)
{
    return letter == ' ' || letter == '\t';
}

void line_begin(struct line *line, const char *text, size_t length)
{
    line_deinit(line);
    if (length && text[length - 1] == '\r')
        length--;
    line->text = memory_new(length + 1);
    memcpy(line->text, text, length);
    line->length = length;
    line->has_more = true;
}

void line_deinit(struct line *line)
{
    free(line->text);
    *line = (struct line){ 0 };
}

/* Is the character there one that parts words, and not taken as it is? */
static bool is_parting(const struct line *line, size_t at)
{
    bool is_taken_as_it_is = false;

    if (!is_blank(line->text[at]) && line->text[at] != ';')
        return false;
    while (at && line->text[--at] == '\\')
        is_taken_as_it_is = !is_taken_as_it_is;
    return !is_taken_as_it_is;
}

bool line_announces_payload(struct line *line, char mark[LINE_MARK_SIZE])
{
    size_t end = line->length, begin;

    while (end && is_blank(line->text[end - 1]))
        end--;
    begin = end;
    while (begin && !is_parting(line, begin - 1))
        begin--;
    if (end - begin < 2 || end - begin - 2 >= LINE_MARK_SIZE ||
        memcmp(line->text + begin, "<<", 2))
        return false;
    memcpy(mark, line->text + begin + 2, end - begin - 2);
    mark[end - begin - 2] = '\0';
    line->text[begin] = '\0';
    line->length = begin;
    return true;
}

/* Writes the word over itself without its backslashes; returns what it ended at, NUL for
 * the end of the line. */
static char cut_word(struct line *line)
{
    char *text = line->text, stop = '\0';
    size_t at = line->position, written = at;

    while (at < line->length && !is_blank(text[at]) && text[at] != ';') {
        if (text[at] == '\\' && ++at == line->length)
            break;
        text[written++] = text[at++];
    }
    if (at < line->length)
        stop = text[at++];
    text[written] = '\0';
    line->position = at;
    return stop;
}

/* False once the command is complete. */
static bool take_word(struct line *line, struct words *words)
{
    char *word, stop;

    while (line->position < line->length && is_blank(line->text[line->position]))
        line->position++;
    if (line->position == line->length) {
        line->has_more = false;
        return false;
    }
    word = line->text + line->position;
    if (*word == ';') {
        line->position++;
        return false;
    }
    stop = cut_word(line);
    words->are_too_many = words->count == LINE_WORDS;
    if (!words->are_too_many)
        words->at[words->count++] = word;
    return stop != ';';
}

bool line_next(struct line *line, struct words *words)
{
    *words = (struct words){ 0 };
    if (!line->has_more)
        return false;
    while (take_word(line, words))
        continue;
    return true;
}
