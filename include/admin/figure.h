/* One figure with its position, its kind and its meaning: what `typed` and `json` show.
 * Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct buffer;

struct figure {
    unsigned position;
    const char *name;
    const char *kind; /* "MGP:u32": where from, of what nature, of what scope; type */
    const char *help;
    const char *text; /* NULL: the number */
    int64_t number;
};

/* Whose figure it is. */
struct figure_object {
    const char *type; /* "Frontend", "Backend", "Server"; "": the process */
    int64_t proxy_id, id;
};

/* "S.3.1.4.scur.1:MGP:u32:0", of the process without the first three; a line. */
void figure_write_typed(const struct figure *figure, const struct figure_object *object,
                        bool has_help, struct buffer *out);
/* One object, without anything around it. */
void figure_write_json(const struct figure *figure, const struct figure_object *object,
                       struct buffer *out);
/* `:"what it means"` */
void figure_write_help(const struct figure *figure, struct buffer *out);
/* What all that is written as JSON conforms to. */
void figure_write_schema(struct buffer *out);
