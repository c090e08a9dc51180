/* What a variable holds is taken as it is: nothing in it is a variable or a comment. */
#include "config/variable.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

struct expansion {
    struct buffer out;
    struct place place;
    struct arena *arena;
    struct problems *problems;
    bool has_failed;
};

/* Each of these takes what stands at the front of the text and returns what follows. */
static const char *take_escape(struct expansion *expansion, const char *text)
{
    buffer_add_text(&expansion->out, "${");
    return text + strlen("$${");
}

static void add_value(struct expansion *expansion, const char *name)
{
    const char *value = getenv(name);

    if (value) {
        buffer_add_text(&expansion->out, value);
        return;
    }
    problem_add_at(expansion->problems, expansion->place,
                   "the environment variable \"%s\" is not set", name);
    expansion->has_failed = true;
}

static const char *take_variable(struct expansion *expansion, const char *text)
{
    const char *name = text + strlen("${");
    size_t length = strcspn(name, "}");

    if (length && name[length]) {
        add_value(expansion, arena_copy(expansion->arena, name, length));
        return name + length + 1;
    }
    problem_add_at(expansion->problems, expansion->place,
                   "\"%s\": write ${NAME} for an environment variable, $${ for ${", text);
    expansion->has_failed = true;
    return text + strlen(text);
}

static const char *take_plain(struct expansion *expansion, const char *text)
{
    size_t length = 1 + strcspn(text + 1, "$");

    buffer_add(&expansion->out, text, length);
    return text + length;
}

static const struct piece {
    const char *start;
    const char *(*take)(struct expansion *expansion, const char *text);
} pieces[] = {
    { "$${", take_escape },
    { "${", take_variable },
    { "", take_plain },
};

static const char *take_piece(struct expansion *expansion, const char *text)
{
    const struct piece *piece = pieces;

    while (strncmp(text, piece->start, strlen(piece->start)))
        piece++;
    return piece->take(expansion, text);
}

const char *variable_expand(const char *text, struct place place, struct arena *arena,
                            struct problems *problems)
{
    struct expansion expansion = { .place = place, .arena = arena, .problems = problems };
    const char *expanded = NULL;

    while (*text)
        text = take_piece(&expansion, text);
    if (!expansion.has_failed)
        expanded = arena_copy(arena, buffer_text(&expansion.out), expansion.out.length);
    buffer_deinit(&expansion.out);
    return expanded;
}
