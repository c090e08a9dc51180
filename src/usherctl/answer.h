/* What usher says, taken apart: replies end with an empty line each, and what is no table
 * is marked with its severity, "[3]: ". Pure. */
#pragma once

#include "base/buffer.h"

#include <stddef.h>

/* Makes usher mark what it says; its own reply is the first one, and empty. */
#define ANSWER_MARKED "set severity-output number;"

enum answer_grade { ANSWER_FINE, ANSWER_WARNING, ANSWER_REFUSAL };

struct answer;
/* A line without its line end and mark. */
typedef void answer_line(struct answer *answer, const char *line);

/* Set the first two; zero is a valid start of the rest. */
struct answer {
    answer_line *on_line;
    void *owner;
    size_t replies;          /* that have ended: the number of the present one */
    enum answer_grade grade; /* of the present line */
    enum answer_grade gravest;
    size_t lines; /* of the present reply, before the present line */
};

/* Takes all whole lines out of what was heard. */
void answer_hear(struct answer *answer, struct buffer *heard);

/* A word of a command, so that usher reads it as one. */
void answer_add_word(const char *word, struct buffer *out);
