/* inih cuts `key = value`; what it would misread without a word (long lines, NUL bytes,
 * wrong headers, continuations, a missing =) is seen here first and never reaches it. */
#include "config/reader.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/text.h"
#include "config/document.h"
#include "config/include.h"
#include "config/variable.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_MOST = 4000, DEPTH_MOST = 8 };

/* One file being read; the files that include it are its ancestors. */
struct reader {
    struct document *document;
    struct problems *problems;
    const struct reader *parent; /* NULL for the first file */
    unsigned depth;
    struct stat status; /* says which file it is, under whatever name */
    FILE *stream;
    struct place place;      /* of the present line */
    struct section *section; /* the present one; NULL before the first */
    struct place header;     /* where the present section begins in this file */
    bool is_empty;           /* no line of the present section was seen yet */
};

struct line {
    char text[LINE_MOST + 1];
    size_t length; /* of all of it, even if it does not fit */
    bool has_control;
    unsigned char control; /* the last byte that no text holds */
};

static bool is_control(int byte)
{
    return (byte < ' ' && byte != '\t' && byte != '\r') || byte == 0x7f;
}

static bool read_line(struct reader *reader, struct line *line)
{
    int byte;

    line->length = 0;
    line->has_control = false;
    while ((byte = getc(reader->stream)) != EOF && byte != '\n') {
        if (line->length < LINE_MOST)
            line->text[line->length] = (char)byte;
        line->length++;
        if (is_control(byte)) {
            line->has_control = true;
            line->control = (unsigned char)byte;
        }
    }
    line->text[line->length < LINE_MOST ? line->length : LINE_MOST] = '\0';
    reader->place.line++;
    return byte != EOF || line->length;
}

static bool is_readable(const struct reader *reader, const struct line *line)
{
    if (line->length > LINE_MOST)
        problem_add_at(reader->problems, reader->place,
                       "the line is longer than %d bytes", LINE_MOST);
    if (line->has_control)
        problem_add_at(reader->problems, reader->place,
                       "the line holds a byte 0x%02x, which is no text", line->control);
    return line->length <= LINE_MOST && !line->has_control;
}

static bool is_blank(char letter)
{
    return isspace((unsigned char)letter);
}

static void trim_end(char *text)
{
    size_t length = strlen(text);

    while (length && is_blank(text[length - 1]))
        length--;
    text[length] = '\0';
}

static void cut_comment(char *text)
{
    bool is_after_blank = true;

    for (; *text; text++) {
        if (is_after_blank && (*text == ';' || *text == '#')) {
            *text = '\0';
            return;
        }
        is_after_blank = is_blank(*text);
    }
}

/* What the line says: without blanks around it, comments, and the mark that some editors
 * put at the start of a file. */
static char *strip(const struct reader *reader, char *text)
{
    static const char mark[] = "\xEF\xBB\xBF";

    if (reader->place.line == 1 && !strncmp(text, mark, strlen(mark)))
        text += strlen(mark);
    while (is_blank(*text))
        text++;
    cut_comment(text);
    trim_end(text);
    return text;
}

static void end_section(const struct reader *reader)
{
    if (reader->section && reader->is_empty)
        problem_add_at(reader->problems, reader->header, "[%s] is empty",
                       reader->section->title);
}

/* A repeated section goes on with the first: the rest is judged as it was meant. */
static void open_section(struct reader *reader, const char *kind, const char *name)
{
    struct section *section = document_find_section(reader->document, kind, name);

    if (section) {
        problem_add_at(reader->problems, reader->place, "[%s] begins at %s:%u already",
                       section->title, section->place.file, section->place.line);
    } else {
        section = document_new_section(reader->document, kind, name);
        section->place = reader->place;
        document_add_section(reader->document, section);
    }
    reader->section = section;
}

/* What follows is kept away from the section before, but belongs to no other. */
static void open_unknown_section(struct reader *reader, const char *why)
{
    problem_add_at(reader->problems, reader->place, "%s", why);
    reader->section = document_new_section(reader->document, "", NULL);
    reader->is_empty = false;
}

/* Cuts the header at its closing bracket. */
static void close_header(const struct reader *reader, char *header)
{
    char *end = strchr(header, ']');

    if (!end)
        problem_add_at(reader->problems, reader->place, "\"%.60s\": the ] is missing",
                       header);
    else if (end[1])
        problem_add_at(reader->problems, reader->place,
                       "\"%.60s\": nothing may follow the ]", header);
    if (end)
        *end = '\0';
}

static void begin_section(struct reader *reader, char *header)
{
    char *words[2] = { NULL, NULL };
    size_t count;

    end_section(reader);
    reader->header = reader->place;
    reader->is_empty = true;
    close_header(reader, header);
    count = text_split(header + 1, words, 2);
    if (count == 1 || count == 2)
        open_section(reader, words[0], words[1]);
    else
        open_unknown_section(reader, "a section is written [KIND] or [KIND NAME]");
}

/* inih would also cut at a colon, and takes an empty key. */
static bool has_key(const struct reader *reader, const char *text)
{
    size_t length = strcspn(text, "=:");

    if (text[length] == '=' && length)
        return true;
    problem_add_at(reader->problems, reader->place, "\"%.60s\": write `key = value`",
                   text);
    return false;
}

/* What inih may read of the line; NULL for nothing. */
static const char *judge_line(struct reader *reader, struct line *line)
{
    char *said;

    if (!is_readable(reader, line)) {
        reader->is_empty = false;
        return NULL;
    }
    said = strip(reader, line->text);
    if (*said == '[')
        begin_section(reader, said);
    else if (*said)
        reader->is_empty = false;
    return *said && *said != '[' && has_key(reader, said) ? said : NULL;
}

/* inih's line reader, in place of fgets. */
static char *next_entry(char *text, int size, void *owner)
{
    struct reader *reader = owner;
    struct line line = { .length = 0 };

    while (read_line(reader, &line)) {
        const char *said = judge_line(reader, &line);

        if (!said)
            continue;
        (void)snprintf(text, (size_t)size, "%s", said);
        return text;
    }
    return NULL;
}

static bool read_file(const struct reader *parent, const char *path);

static void include(const struct reader *reader, const char *value)
{
    struct arena *arena = reader->document->arena;
    const char *path = include_path(arena, reader->place.file, value);
    const char **files = include_files(arena, path);

    if (!files)
        problem_add_at(reader->problems, reader->place, "cannot open %s: %s", path,
                       strerror(errno));
    for (; files && *files; files++)
        (void)read_file(reader, *files);
}

static void add_entry(const struct reader *reader, const char *key, const char *value)
{
    struct entry entry = { .place = reader->place, .value = value };

    if (!reader->section) {
        problem_add_at(reader->problems, reader->place,
                       "\"%.60s\" stands before any section", key);
        return;
    }
    entry.key = arena_copy(reader->document->arena, key, strlen(key));
    document_add_entry(reader->document, reader->section, &entry);
}

/* inih's handler. Which section and line it is, the reader knows better. */
static int on_entry(void *owner, const char *section, const char *key, const char *value,
                    int line)
{
    const struct reader *reader = owner;
    const char *expanded = variable_expand(value, reader->place, reader->document->arena,
                                           reader->problems);

    (void)section;
    (void)line;
    if (strcmp(key, "include"))
        add_entry(reader, key, expanded);
    else if (expanded && *expanded)
        include(reader, expanded);
    else if (expanded)
        problem_add_at(reader->problems, reader->place, "include = : a value is missing");
    return 1;
}

static void read_stream(struct reader *reader)
{
    ini_max_line = LINE_MOST + 8; /* for the end of line and NUL, and some to spare */
    ini_use_stack = true;
    if (ini_parse_stream(next_entry, reader, on_entry, reader))
        problem_add_at(reader->problems, (struct place){ reader->place.file, 0 },
                       "a line was not understood");
    if (ferror(reader->stream))
        problem_add_at(reader->problems, (struct place){ reader->place.file, 0 },
                       "could not be read to its end");
    end_section(reader);
}

static const char *why_no_file(const struct stat *status)
{
    if (S_ISDIR(status->st_mode))
        return strerror(EISDIR);
    return S_ISREG(status->st_mode) ? NULL : "it is no file";
}

/* Never waits: a FIFO that nobody writes to would hang a reload, and all that main does.
 * What is read is what was looked at, whatever becomes of its name in between. */
static const char *why_not_open(struct reader *reader, const char *path)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    const char *wrong;

    if (fd == -1)
        return errno == ENXIO ? "it is no file" : strerror(errno);
    wrong = fstat(fd, &reader->status) == -1 ? strerror(errno)
                                             : why_no_file(&reader->status);
    reader->stream = wrong ? NULL : fdopen(fd, "r");
    if (!reader->stream)
        (void)close(fd);
    return wrong || reader->stream ? wrong : strerror(errno);
}

static bool open_file(struct reader *reader)
{
    const char *path = reader->place.file;
    const char *wrong = why_not_open(reader, path);

    if (wrong)
        problem_add_at(reader->problems, reader->parent->place, "cannot open %s: %s",
                       path, wrong);
    return !wrong;
}

static bool is_same_file(const struct reader *one, const struct reader *other)
{
    return one->status.st_ino == other->status.st_ino &&
           one->status.st_dev == other->status.st_dev;
}

static bool may_include(const struct reader *reader)
{
    const struct reader *parent = reader->parent;

    if (reader->depth > DEPTH_MOST)
        problem_add_at(reader->problems, parent->place,
                       "%s: files include each other more than %d deep",
                       reader->place.file, DEPTH_MOST);
    for (; parent; parent = parent->parent) {
        if (!is_same_file(reader, parent))
            continue;
        problem_add_at(reader->problems, reader->parent->place,
                       "%s is being read already: the includes make a loop",
                       reader->place.file);
        return false;
    }
    return reader->depth <= DEPTH_MOST;
}

static bool read_file(const struct reader *parent, const char *path)
{
    struct reader reader = {
        .document = parent->document,
        .problems = parent->problems,
        .parent = parent,
        .depth = parent->depth + 1,
        .place = { .file = path },
    };

    if (!open_file(&reader))
        return false;
    if (may_include(&reader))
        read_stream(&reader);
    (void)fclose(reader.stream);
    return true;
}

bool reader_read(struct document *document, struct problems *problems)
{
    struct reader nobody = { .document = document, .problems = problems };

    return read_file(&nobody, document->path);
}

void reader_read_text(struct document *document, const char *text,
                      struct problems *problems)
{
    size_t length = strlen(text);
    struct reader reader = {
        .document = document,
        .problems = problems,
        .stream = fmemopen(arena_copy(document->arena, text, length), length, "r"),
        .place = { .file = document->path },
    };

    ensure(reader.stream);
    read_stream(&reader);
    (void)fclose(reader.stream);
}
