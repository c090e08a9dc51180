/* A piece goes from one change to the next. Short ones are drawn wide enough to be
 * seen. */
#include "web/strip.h"

#include "backend/history.h"
#include "base/buffer.h"
#include "web/html.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { WIDTH = 240, HEIGHT = 20, LEAST = 3 };

struct piece {
    uint64_t begin_ms, end_ms;
    const char *state;
    const struct history_change *cause; /* NULL: from before */
};

const char *strip_class(const char *state)
{
    static const struct {
        const char *word, *name;
    } words[] = {
        { "up", "up" },           { "ready", "up" },
        { "down", "down" },       { "maint", "maint" },
        { "drain", "drain" },     { "ejected", "ejected" },
        { "unknown", "unknown" }, { "stopped", "down" },
        { "fail", "down" },       { "no check", "unchecked" },
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(words[i].word, state))
            return words[i].name;
    return NULL;
}

static void write_moment(uint64_t ms, struct buffer *out)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm parts;
    char text[32];

    (void)gmtime_r(&seconds, &parts);
    (void)strftime(text, sizeof text, "%H:%M:%S UTC", &parts);
    buffer_add_text(out, text);
}

static void write_title(const struct piece *piece, struct buffer *out)
{
    buffer_add_text(out, "<title>");
    html_text(piece->state, out);
    if (piece->cause) {
        buffer_add_text(out, " since ");
        write_moment(piece->cause->at_ms, out);
        buffer_format(out, ", by %s", history_who_name(piece->cause->who));
        if (*piece->cause->why) {
            buffer_add_text(out, ": ");
            html_text(piece->cause->why, out);
        }
    }
    buffer_add_text(out, "</title>");
}

static void write_piece(const struct strip *strip, const struct piece *piece,
                        struct buffer *out)
{
    uint64_t span = strip->end_ms - strip->begin_ms;
    uint64_t from = (piece->begin_ms - strip->begin_ms) * WIDTH / span;
    uint64_t to = (piece->end_ms - strip->begin_ms) * WIDTH / span;

    if (to < from + LEAST)
        to = from + LEAST;
    if (to > WIDTH) {
        to = WIDTH;
        from = from > WIDTH - LEAST ? WIDTH - LEAST : from;
    }
    buffer_format(out, "<rect class=\"%s\" x=\"%u\" width=\"%u\" height=\"%u\">",
                  strip_class(piece->state), (unsigned)from, (unsigned)(to - from),
                  (unsigned)HEIGHT);
    write_title(piece, out);
    buffer_add_text(out, "</rect>");
}

static void end_piece(const struct strip *strip, struct piece *piece, uint64_t at_ms,
                      struct buffer *out)
{
    piece->end_ms = at_ms;
    if (piece->end_ms > piece->begin_ms && strip_class(piece->state))
        write_piece(strip, piece, out);
    piece->begin_ms = at_ms;
}

void strip_write(const struct strip *strip, const struct history *history,
                 struct buffer *out)
{
    struct piece piece = { .begin_ms = strip->begin_ms, .state = NULL };

    buffer_format(out,
                  "<svg class=\"strip\" viewBox=\"0 0 %d %d\" "
                  "preserveAspectRatio=\"none\" role=\"img\">",
                  WIDTH, HEIGHT);
    for (size_t i = 0; i < history_count(history); i++) {
        const struct history_change *change = history_at(history, i);

        if (!strip_class(change->to))
            continue;
        if (!piece.state)
            piece.state = change->from;
        if (change->at_ms > strip->begin_ms && change->at_ms < strip->end_ms)
            end_piece(strip, &piece, change->at_ms, out);
        piece.state = change->to;
        piece.cause = change;
    }
    if (!piece.state)
        piece.state = strip->now;
    end_piece(strip, &piece, strip->end_ms, out);
    buffer_add_text(out, "</svg>");
}
