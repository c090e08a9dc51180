/* Everything wrong with a configuration, and where. Main only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct buffer;

/* `file` is borrowed, problems copy it; line 0 means the whole file; a NULL file means no
 * place at all. */
struct place {
    const char *file;
    unsigned line;
};

struct problems;

struct problems *problems_create(void);
void problems_destroy(struct problems *problems);

void problem_add(struct problems *problems, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void problem_add_at(struct problems *problems, struct place place, const char *format,
                    ...) __attribute__((format(printf, 3, 4)));

/* Something worth saying that does not keep the configuration from being used. */
void problem_warn_at(struct problems *problems, struct place place, const char *format,
                     ...) __attribute__((format(printf, 3, 4)));

/* Warnings do not count here. */
size_t problems_count(const struct problems *problems);
size_t problems_warnings(const struct problems *problems);

/* One "file:line: sentence" per line, in the order of file and line. Warnings begin with
 * "file:line: warning: ". */
void problems_write(const struct problems *problems, struct buffer *out);
/* For what is used all the same: each is a line of the log, with level warning. */
void problems_log(const struct problems *problems);
