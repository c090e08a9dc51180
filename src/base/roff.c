/* Requests begin lines, texts are wrapped between them. */
#include "base/roff.h"

#include "base/buffer.h"
#include "base/version.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { LINE_MOST = 72, WORD_MOST = 50 };

/* What means something to roff, or is printed as something else. */
static const struct escape {
    char what;
    const char *as;
} escapes[] = {
    { '\\', "\\e" },  { '-', "\\-" },   { '\'', "\\(aq" }, { '`', "\\(ga" },
    { '^', "\\(ha" }, { '~', "\\(ti" }, { '"', "\\(dq" },
};

static const struct escape *find_escape(char character)
{
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
        if (escapes[i].what == character)
            return &escapes[i];
    return NULL;
}

static void add_character(struct buffer *out, char character)
{
    const struct escape *escape = find_escape(character);

    if (escape)
        buffer_add_text(out, escape->as);
    else
        buffer_add(out, &character, 1);
}

static void add_escaped(struct buffer *out, const char *text)
{
    for (; *text; text++)
        add_character(out, *text);
}

/* What a word becomes, in bytes; for a change of the font it is nearly right. */
static size_t width_of(const char *word, size_t length)
{
    size_t width = 0;

    for (size_t i = 0; i < length; i++)
        width += find_escape(word[i]) ? strlen(find_escape(word[i])->as) : 1;
    return width;
}

/* One word of a text; backquotes turn bold on and off. A list with colons that is too
 * long for a line may be cut after them. */
static void add_word(struct buffer *out, const char *word, size_t length, bool *is_bold)
{
    for (size_t i = 0; i < length; i++) {
        if (word[i] == '`') {
            *is_bold = !*is_bold;
            buffer_add_text(out, *is_bold ? "\\fB" : "\\fR");
            continue;
        }
        add_character(out, word[i]);
        if (word[i] == ':' && length > WORD_MOST)
            buffer_add_text(out, "\\:");
    }
}

static void begin_line(struct buffer *out, const char *text)
{
    /* A dot there would be a request; so would an apostrophe, which is always escaped. */
    if (*text == '.')
        buffer_add_text(out, "\\&");
}

static void add_text(struct buffer *out, const char *text)
{
    bool is_bold = false;
    size_t column = 0;

    while (*text) {
        size_t length = strcspn(text, " ");

        if (column && column + 1 + width_of(text, length) > LINE_MOST) {
            buffer_add_text(out, "\n");
            column = 0;
        }
        if (column)
            buffer_add_text(out, " ");
        else
            begin_line(out, text);
        add_word(out, text, length, &is_bold);
        column += 1 + width_of(text, length);
        text += length + strspn(text + length, " ");
    }
    buffer_add_text(out, "\n");
}

static void add_capitals(struct buffer *out, const char *text)
{
    for (; *text; text++)
        add_character(out, (char)toupper((unsigned char)*text));
}

/* A date with dashes. */
static void add_date(struct buffer *out)
{
    for (const char *text = USHER_RELEASED; *text; text++)
        buffer_add(out, *text == '/' ? "-" : text, 1);
}

void roff_begin(struct buffer *out, const struct roff_page *page)
{
    buffer_add_text(out, ".TH \"");
    add_capitals(out, page->name);
    buffer_format(out, "\" \"%u\" \"", page->section);
    add_date(out);
    buffer_add_text(out, "\" \"usher " USHER_VERSION "\" \"usher\"\n");
    /* Names of keys are not to be cut, nor blanks in commands to be widened. */
    buffer_add_text(out, ".nh\n.ad l\n");
    roff_section(out, "NAME");
    add_escaped(out, page->name);
    buffer_add_text(out, " \\- ");
    add_text(out, page->summary);
}

static void add_heading(struct buffer *out, const char *request, const char *title)
{
    buffer_format(out, ".%s \"", request);
    add_escaped(out, title);
    buffer_add_text(out, "\"\n");
}

void roff_section(struct buffer *out, const char *title)
{
    add_heading(out, "SH", title);
}

void roff_subsection(struct buffer *out, const char *title)
{
    add_heading(out, "SS", title);
}

/* A heading is followed by space as it is. */
static bool is_behind_heading(const struct buffer *out)
{
    size_t at = out->length ? out->length - 1 : 0;

    while (at && out->bytes[at - 1] != '\n')
        at--;
    return !strncmp(buffer_text(out) + at, ".S", 2);
}

static void begin_paragraph(struct buffer *out, const char *request)
{
    if (!is_behind_heading(out))
        buffer_format(out, ".%s\n", request);
}

void roff_paragraph(struct buffer *out, const char *text)
{
    begin_paragraph(out, "PP");
    add_text(out, text);
}

/* Both on one line, each in its own font. */
static void add_term(struct buffer *out, const char *term, const char *argument)
{
    buffer_add_text(out, "\\fB");
    add_escaped(out, term);
    buffer_add_text(out, "\\fR");
    if (argument && *argument) {
        buffer_add_text(out, " \\fI");
        add_escaped(out, argument);
        buffer_add_text(out, "\\fR");
    }
    buffer_add_text(out, "\n");
}

void roff_entry(struct buffer *out, const char *term, const char *argument,
                const char *text)
{
    buffer_add_text(out, ".TP\n");
    add_term(out, term, argument);
    add_text(out, text);
}

void roff_more(struct buffer *out, const char *text)
{
    buffer_add_text(out, ".IP\n");
    add_text(out, text);
}

void roff_indent(struct buffer *out)
{
    buffer_add_text(out, ".RS\n");
}

void roff_outdent(struct buffer *out)
{
    buffer_add_text(out, ".RE\n");
}

void roff_example(struct buffer *out, const char *lines)
{
    begin_paragraph(out, "PP");
    buffer_add_text(out, ".RS 4\n.nf\n");
    while (*lines) {
        size_t length = strcspn(lines, "\n");

        begin_line(out, lines);
        for (size_t i = 0; i < length; i++)
            add_character(out, lines[i]);
        buffer_add_text(out, length ? "\n" : "\\&\n");
        lines += length + (lines[length] == '\n');
    }
    buffer_add_text(out, ".fi\n.RE\n");
}

void roff_synopsis(struct buffer *out, const char *name, const char *arguments)
{
    begin_paragraph(out, "br");
    add_term(out, name, arguments);
}

void roff_see(struct buffer *out, const char *const *pages)
{
    roff_section(out, "SEE ALSO");
    for (; *pages; pages++) {
        const char *section = strchr(*pages, '(');

        buffer_add_text(out, ".BR ");
        for (const char *text = *pages; text < section; text++)
            add_character(out, *text);
        buffer_format(out, " %s%s\n", section, pages[1] ? "," : "");
    }
}
