#include "usherctl/inspect.h"

#include "base/clock.h"
#include "base/memory.h"
#include "usherctl/exchange.h"
#include "usherctl/look.h"
#include "usherctl/overview_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static size_t terminal_width(void)
{
    struct winsize size;

    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != -1 ? size.ws_col : 0;
}

/* For people on a terminal, unless they said that they want none: no-color.org. */
static bool has_colours(void)
{
    const char *wish = getenv("NO_COLOR"), *terminal = getenv("TERM");

    return isatty(STDOUT_FILENO) && !(wish && *wish) && terminal &&
           strcmp(terminal, "dumb") != 0;
}

static enum outcome hold(const struct invocation *invocation, struct look *look,
                         struct buffer *request, size_t replies)
{
    struct answer answer = { .on_line = look_hear, .owner = look };
    struct exchange exchange = exchange_of(invocation);
    enum outcome outcome;

    exchange.replies = replies;
    outcome = exchange_hold(&exchange, buffer_text(request), &answer);
    buffer_clear(request);
    if (outcome == OUTCOME_REFUSED && look->is_at_reasons)
        outcome = OUTCOME_DONE; /* another usher, or a server that has gone since */
    if (outcome == OUTCOME_DONE && !look_end(look, clock_ms()))
        outcome = OUTCOME_REFUSED;
    return outcome;
}

/* One exchange for the figures, and as many as it takes for the reasons. */
static enum outcome look_once(const struct invocation *invocation, struct look *look)
{
    struct buffer request = { 0 };
    enum outcome outcome;

    look_begin(look, &request);
    outcome = hold(invocation, look, &request, 3);
    if (outcome == OUTCOME_REFUSED)
        (void)outcome_tell(outcome, "%s does not say what it serves", invocation->socket);
    while (outcome == OUTCOME_DONE && look_begin_reasons(look, &request))
        outcome = hold(invocation, look, &request, 2);
    buffer_deinit(&request);
    return outcome;
}

static void write_table(const struct overview *overview, struct buffer *out)
{
    struct grid_style style = { has_colours(), terminal_width() };
    struct grid *grid = overview_grid(overview);

    overview_write_head(overview->survey, out);
    buffer_add_text(out, "\n\n");
    grid_write(grid, &style, out);
    grid_destroy(grid);
}

static void print(const struct invocation *invocation, const struct look *look)
{
    struct arrange_wish wish = { invocation->order, invocation->filter };
    struct overview overview = { .unix_s = (int64_t)(clock_wall_ms() / 1000),
                                 .survey = look->survey,
                                 .reasons = look->reasons };
    struct buffer out = { 0 };

    overview.rows = memory_new_array(look->survey->count + 1, sizeof *overview.rows);
    overview.count = arrange(look->survey, &wish, overview.rows);
    if (invocation->json)
        overview_json_write(&overview, &out);
    else
        write_table(&overview, &out);
    (void)fputs(buffer_text(&out), stdout);
    buffer_deinit(&out);
    free(overview.rows);
}

enum outcome inspect_status(const struct invocation *invocation)
{
    struct look look;
    enum outcome outcome;

    look_init(&look);
    outcome = look_once(invocation, &look);
    if (outcome == OUTCOME_DONE)
        print(invocation, &look);
    look_deinit(&look);
    return outcome;
}

enum outcome inspect_names(const struct invocation *invocation)
{
    struct look look;
    struct buffer request = { 0 };
    enum outcome outcome;

    look_init(&look);
    look_begin(&look, &request);
    outcome = hold(invocation, &look, &request, 3);
    for (size_t i = 0; look.survey && i < look.survey->count; i++)
        if (look.survey->rows[i].kind == SURVEY_SERVER)
            (void)puts(survey_key(&look.survey->rows[i]).chars);
    buffer_deinit(&request);
    look_deinit(&look);
    return outcome;
}
