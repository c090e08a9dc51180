#include "usherctl/answer.h"

#include <stdbool.h>
#include <string.h>

static enum answer_grade grade_of(char severity)
{
    if (severity <= '3')
        return ANSWER_REFUSAL;
    return severity == '4' ? ANSWER_WARNING : ANSWER_FINE;
}

static bool begins_with(const char *line, const char *beginning)
{
    return !strncmp(line, beginning, strlen(beginning));
}

/* "[3]: ..."; the lines of a reply that has to wait for something have marks each. */
static const char *take_mark(struct answer *answer, const char *line)
{
    bool is_marked = line[0] == '[' && line[1] >= '0' && line[1] <= '7' &&
                     begins_with(line + 2, "]: ");

    if (!answer->lines)
        answer->grade = ANSWER_FINE;
    if (is_marked)
        answer->grade = grade_of(line[1]);
    else if (begins_with(line, "{\"severity\":\"err\""))
        answer->grade = ANSWER_REFUSAL;
    else if (begins_with(line, "{\"severity\":\"warning\""))
        answer->grade = ANSWER_WARNING;
    return is_marked ? line + 5 : line;
}

static void take_line(struct answer *answer, const char *line)
{
    if (!*line) {
        answer->replies++;
        answer->lines = 0;
        return;
    }
    line = take_mark(answer, line);
    if (answer->grade > answer->gravest)
        answer->gravest = answer->grade;
    answer->on_line(answer, line);
    answer->lines++;
}

void answer_hear(struct answer *answer, struct buffer *heard)
{
    char *at = heard->bytes, *end = at + heard->length, *line_end;

    if (!heard->length)
        return;
    while ((line_end = memchr(at, '\n', (size_t)(end - at)))) {
        *line_end = '\0';
        take_line(answer, at);
        at = line_end + 1;
    }
    buffer_consume(heard, (size_t)(at - heard->bytes));
}

void answer_add_word(const char *word, struct buffer *out)
{
    for (; *word; word++)
        buffer_format(out, strchr("; \t\\", *word) ? "\\%c" : "%c", *word);
}
