/* One table of columns, each of which knows how to fill its cell. */
#include "usherctl/overview.h"

#include "usherctl/amount.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { CELL = 320 };
enum { ONCE = 1 << OVERVIEW_ONCE, LIVE = 1 << OVERVIEW_LIVE };

/* Writes the cell, which is "" until then, and returns its tone. */
typedef enum tone fill(const struct overview *overview, const struct survey_row *row,
                       char *cell);

static enum tone fill_name(const struct overview *overview, const struct survey_row *row,
                           char *cell)
{
    static const char *const marks[] = { [SURVEY_FRONTEND] = "frontend ",
                                         [SURVEY_BACKEND] = "backend ",
                                         [SURVEY_SERVER] = "  " };

    (void)overview;
    (void)snprintf(cell, CELL, "%s%s", marks[row->kind], survey_key(row).chars);
    return TONE_PLAIN;
}

static enum tone fill_state(const struct overview *overview, const struct survey_row *row,
                            char *cell)
{
    (void)overview;
    (void)snprintf(cell, CELL, "%s", row->status);
    return tone_of_status(row->status);
}

static enum tone fill_sessions(const struct overview *overview,
                               const struct survey_row *row, char *cell)
{
    (void)overview;
    if (row->limit >= 0 && row->kind != SURVEY_BACKEND)
        (void)snprintf(cell, CELL, "%s/%s", amount_count(row->sessions).chars,
                       amount_count(row->limit).chars);
    else
        (void)snprintf(cell, CELL, "%s", amount_count(row->sessions).chars);
    return row->limit > 0 && row->sessions >= row->limit ? TONE_WARNING : TONE_PLAIN;
}

static enum tone fill_queue(const struct overview *overview, const struct survey_row *row,
                            char *cell)
{
    (void)overview;
    if (row->queued > 0)
        (void)snprintf(cell, CELL, "%s", amount_count(row->queued).chars);
    return TONE_WARNING;
}

static enum tone fill_rate(const struct overview *overview, const struct survey_row *row,
                           char *cell)
{
    (void)overview;
    if (row->rate >= 0)
        (void)snprintf(cell, CELL, "%s/s", amount_count(row->rate).chars);
    return TONE_PLAIN;
}

static enum tone write_bytes(const struct overview *overview, int64_t total, int64_t rate,
                             char *cell)
{
    bool is_live = overview->kind == OVERVIEW_LIVE;
    int64_t bytes = is_live ? rate : total;

    if (bytes >= 0)
        (void)snprintf(cell, CELL, "%s%s", amount_bytes(bytes).chars,
                       is_live ? "/s" : "");
    return TONE_PLAIN;
}

static enum tone fill_in(const struct overview *overview, const struct survey_row *row,
                         char *cell)
{
    return write_bytes(overview, row->bytes_in, row->in_rate, cell);
}

static enum tone fill_out(const struct overview *overview, const struct survey_row *row,
                          char *cell)
{
    return write_bytes(overview, row->bytes_out, row->out_rate, cell);
}

static enum tone fill_weight(const struct overview *overview,
                             const struct survey_row *row, char *cell)
{
    (void)overview;
    (void)snprintf(cell, CELL, "%s", amount_count(row->weight).chars);
    return TONE_PLAIN;
}

static enum tone fill_check(const struct overview *overview, const struct survey_row *row,
                            char *cell)
{
    (void)overview;
    (void)snprintf(cell, CELL, "%s", row->check);
    return TONE_PLAIN;
}

static enum tone fill_address(const struct overview *overview,
                              const struct survey_row *row, char *cell)
{
    (void)overview;
    (void)snprintf(cell, CELL, "%s", row->address);
    return TONE_PLAIN;
}

/* The history knows of more than the status column: of what an operator wished, too. */
static enum tone fill_changed(const struct overview *overview,
                              const struct survey_row *row, char *cell)
{
    int64_t at_s = reasons_of(overview->reasons, row)->at_s;
    int64_t passed_s = overview->unix_s > at_s ? overview->unix_s - at_s : 0;

    (void)snprintf(cell, CELL, "%s",
                   amount_span(at_s == -1 ? row->changed_s : passed_s).chars);
    return TONE_PLAIN;
}

/* "down: Connection refused", "drain: administrator uid=0 pid=7". A probe goes without
 * saying. */
static enum tone fill_why(const struct overview *overview, const struct survey_row *row,
                          char *cell)
{
    const struct reason *reason = reasons_of(overview->reasons, row);
    bool is_probe = !strcmp(reason->who, "probe") && *reason->why;

    if (reason->at_s >= 0)
        (void)snprintf(cell, CELL, "%s: %s%s%s", reason->to, is_probe ? "" : reason->who,
                       is_probe || !*reason->why ? "" : " ", reason->why);
    else
        (void)snprintf(cell, CELL, "%s", row->last_check);
    return TONE_PLAIN;
}

static const struct column {
    const char *title;
    unsigned kinds; /* of overviews that have it */
    bool is_right;
    fill *fill;
} columns[] = {
    { "NAME", ONCE | LIVE, false, fill_name },
    { "STATE", ONCE | LIVE, false, fill_state },
    { "SESSIONS", ONCE | LIVE, true, fill_sessions },
    { "QUEUE", ONCE | LIVE, true, fill_queue },
    { "RATE", ONCE | LIVE, true, fill_rate },
    { "IN", ONCE | LIVE, true, fill_in },
    { "OUT", ONCE | LIVE, true, fill_out },
    { "WEIGHT", ONCE, true, fill_weight },
    { "ADDRESS", ONCE, false, fill_address },
    { "CHECK", ONCE | LIVE, false, fill_check },
    { "CHANGED", ONCE | LIVE, true, fill_changed },
    { "WHY", ONCE | LIVE, false, fill_why },
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static void add_row(const struct overview *overview, const struct survey_row *row,
                    struct grid *grid)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        char cell[CELL] = "";
        enum tone tone;

        if (!(columns[i].kinds & 1U << overview->kind))
            continue;
        tone = columns[i].fill(overview, row, cell);
        grid_add(grid, tone, cell);
    }
}

/* A live table keeps its columns where they are. */
struct grid *overview_grid(const struct overview *overview)
{
    struct grid *grid = grid_create();

    for (size_t i = 0; i < COLUMNS; i++)
        if (columns[i].kinds & 1U << overview->kind)
            grid_add_column(grid, columns[i].title, columns[i].is_right,
                            overview->kind == OVERVIEW_LIVE);
    for (size_t i = 0; i < overview->count; i++)
        add_row(overview, overview->rows[i], grid);
    return grid;
}

void overview_write_head(const struct survey *survey, struct buffer *out)
{
    buffer_format(out, "usher %s", survey->version);
    if (*survey->node)
        buffer_format(out, " on %s", survey->node);
    buffer_format(out, "  up %s  sessions %s of %s, %s/s",
                  amount_span(survey->uptime_s).chars,
                  amount_count(survey->sessions).chars,
                  amount_count(survey->sessions_most).chars,
                  amount_count(survey->session_rate).chars);
    if (survey->generation >= 0)
        buffer_format(out, "  generation %" PRId64, survey->generation);
}
