/* Turns a file, and all that it includes, into a document. Main only.
 *
 * The language: `[KIND]` or `[KIND NAME]` begins a section, `key = value` stands in one,
 * a comment begins with ; or # at the start of a line or after a blank, ${NAME} is an
 * environment variable, `include = PATH` reads another file or a folder of them. */
#pragma once

#include <stdbool.h>

struct document;
struct problems;

/* The document's own path, or a text in place of that file. Every problem is reported,
 * and reading goes on after it. False when the file could not be read at all. */
bool reader_read(struct document *document, struct problems *problems);
void reader_read_text(struct document *document, const char *text,
                      struct problems *problems);
