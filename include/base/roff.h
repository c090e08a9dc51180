/* Writes manual pages, as man(1) and mandoc(1) read them.
 *
 * Texts are plain: what roff would take for its own is escaped, lines are wrapped, and
 * what stands in `backquotes` is printed bold. */
#pragma once

struct buffer;

struct roff_page {
    const char *name;
    unsigned section;    /* 8 of usher(8) */
    const char *summary; /* of the name, in a line */
};

void roff_begin(struct buffer *out, const struct roff_page *page);
void roff_section(struct buffer *out, const char *title);
void roff_subsection(struct buffer *out, const char *title);
void roff_paragraph(struct buffer *out, const char *text);
/* A term, bold, and what stands behind it, which may be NULL; its text is indented. */
void roff_entry(struct buffer *out, const char *term, const char *argument,
                const char *text);
/* What more there is to say of the entry: another paragraph, and entries of its own. */
void roff_more(struct buffer *out, const char *text);
void roff_indent(struct buffer *out);
void roff_outdent(struct buffer *out);
/* Lines as they are: an example. */
void roff_example(struct buffer *out, const char *lines);
/* A line of a synopsis: the name, bold, and what may stand behind it. */
void roff_synopsis(struct buffer *out, const char *name, const char *arguments);
/* "usher(8), usher.ini(5)": the last section. */
void roff_see(struct buffer *out, const char *const *pages);
