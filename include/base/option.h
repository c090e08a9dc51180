/* The words of a command line: one table for reading them, for the usage and for the
 * manual page. It ends with a row without a name. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct buffer;

struct option_row {
    const char *name;     /* "--listen" */
    const char *alias;    /* another name for it; NULL: none */
    const char *argument; /* what stands behind it: "FILE"; NULL: nothing */
    size_t place;         /* in the struct: of a const char * with an argument, else of a
                             bool */
    /* Reads the argument, which it may cut, in place of keeping it as it is. NULL, or
     * a text that goes on behind the word. */
    const char *(*take)(void *object, char *text);
    const char *initial; /* what counts without it; NULL: nothing */
    const char *help;
};

struct option_line {
    const struct option_row *rows;
    int count; /* as main has them: the first word is the program */
    char **words;
    void *object; /* the struct that is filled */
    /* What was wrong: "WORD TROUBLE"; NULL: nothing. */
    const char *word, *trouble;
};

/* Reads all words, or up to the first that is wrong: then it is false. */
bool option_read(struct option_line *line);
/* A line for each row. */
void option_write_usage(const struct option_row *rows, struct buffer *out);
/* The entries of a manual page. */
void option_write_manual(const struct option_row *rows, struct buffer *out);
