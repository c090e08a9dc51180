/* One line of the dialect, cut into commands and words. Pure.
 *
 * Commands end at `;`, words at blanks; a backslash takes the character behind it as it
 * is. A last word that starts with `<<` announces a payload. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { LINE_WORDS = 64, LINE_MARK_SIZE = 65 };

/* Zero is a valid start: a line without any command left. */
struct line {
    char *text; /* owned; commands are cut in it, in place */
    size_t length;
    size_t position; /* where the next command begins */
    bool has_more;
};

struct words {
    size_t count;
    bool are_too_many; /* the rest of the command is left out */
    char *at[LINE_WORDS];
};

/* Copies the line, without the CR at its end. What was begun before is forgotten. */
void line_begin(struct line *line, const char *text, size_t length);
void line_deinit(struct line *line);

/* Before any line_next: takes the announcement off the line and copies the mark that will
 * end the payload, "" for an empty line. False when none is announced. */
bool line_announces_payload(struct line *line, char mark[LINE_MARK_SIZE]);

/* The next command; no words for an empty one. False when none is left. The words are
 * valid until the line is begun again. */
bool line_next(struct line *line, struct words *words);
