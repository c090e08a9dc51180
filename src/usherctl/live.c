/* One loop over the keyboard, the clock and at most one connection, so that keys are
 * heeded while usher is slow, or gone. */
#include "usherctl/live.h"

#include "base/clock.h"
#include "usherctl/connection.h"
#include "usherctl/exchange.h"
#include "usherctl/look.h"
#include "usherctl/overview.h"
#include "usherctl/screen.h"
#include "usherctl/top.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HELP_LINES = 32, HELP_LINE = 96, REFRESHED = 50 };

struct live {
    const struct invocation *invocation; /* borrowed */
    struct look look;
    struct top top;
    struct connection *connection; /* NULL: nothing is being asked */
    struct answer answer;
    uint64_t deadline_ms; /* of the connection */
    uint64_t look_at_ms;  /* the next time */
    bool is_saying, has_command, is_over;
    char command[320]; /* that was asked for: keys may be at the next one already */
    char trouble[200]; /* "": usher answers */
};

static void begin(struct live *live, answer_line *on_line, void *owner,
                  struct buffer *request)
{
    uint64_t timeout_ms = live->invocation->timeout_ms;

    live->answer = (struct answer){ .on_line = on_line, .owner = owner };
    live->connection = connection_open(&live->invocation->address, buffer_text(request));
    live->deadline_ms = clock_ms() + (timeout_ms ? timeout_ms : EXCHANGE_MS);
    buffer_deinit(request);
}

static void begin_look(struct live *live)
{
    struct buffer request = { 0 };

    live->look_at_ms = clock_ms() + live->invocation->interval_ms;
    look_begin(&live->look, &request);
    begin(live, look_hear, &live->look, &request);
}

static void begin_reasons(struct live *live)
{
    struct buffer request = { 0 };

    if (look_begin_reasons(&live->look, &request))
        begin(live, look_hear, &live->look, &request);
    buffer_deinit(&request);
}

static void hear_result(struct answer *answer, const char *line)
{
    struct live *live = answer->owner;

    if (!answer->lines)
        (void)snprintf(live->top.message, sizeof live->top.message, "%s", line);
}

/* A look that is under way can be had again. */
static void begin_command(struct live *live)
{
    struct buffer request = { 0 };

    connection_close(live->connection);
    live->has_command = false;
    live->is_saying = true;
    (void)snprintf(live->top.message, sizeof live->top.message, "%s: done",
                   live->command);
    buffer_format(&request, ANSWER_MARKED "%s\n", live->command);
    begin(live, hear_result, live, &request);
}

static void have_trouble(struct live *live, const char *why)
{
    (void)snprintf(live->trouble, sizeof live->trouble,
                   "not connected, trying again: %s: %s", live->invocation->socket, why);
    if (live->is_saying)
        (void)snprintf(live->top.message, sizeof live->top.message, "%s: not done: %s",
                       live->command, why);
}

/* After a command the next look shows what has become of it. */
static void end_exchange(struct live *live)
{
    bool is_complete = live->answer.replies >= 2;
    bool was_saying = live->is_saying;

    if (!is_complete)
        have_trouble(live, "hung up");
    live->is_saying = false;
    if (was_saying)
        live->look_at_ms = clock_ms();
    if (was_saying || !is_complete)
        return;
    *live->trouble = '\0';
    if (live->look.is_at_reasons || !look_end(&live->look, clock_ms()))
        return;
    top_show(&live->top, live->look.survey);
    reasons_refresh(live->look.reasons, REFRESHED);
    begin_reasons(live);
}

static void advance(struct live *live)
{
    struct connection *connection = live->connection;
    enum connection_state state = connection_continue(connection);

    answer_hear(&live->answer, connection_heard(connection));
    if (state == CONNECTION_BUSY && clock_ms() < live->deadline_ms)
        return;
    live->connection = NULL;
    if (state == CONNECTION_BUSY)
        have_trouble(live, "no answer");
    else if (state == CONNECTION_FAILED)
        have_trouble(live, strerror(connection_error(connection)));
    if (state == CONNECTION_ENDED)
        end_exchange(live);
    else
        live->is_saying = false;
    connection_close(connection);
}

static void write_state(const struct live *live, char *out, size_t size)
{
    const struct top *top = &live->top;

    if (*live->trouble)
        (void)snprintf(out, size, "%s", live->trouble);
    else
        (void)snprintf(out, size, "%s  sorted by %s  rows %zu of %zu%s%s",
                       live->invocation->socket, arrange_name(top->order), top->count,
                       top->survey ? top->survey->count : 0,
                       *top->filter ? "  filter: " : "", top->filter);
}

static struct grid *make_grid(const struct live *live)
{
    struct overview overview = { .kind = OVERVIEW_LIVE,
                                 .unix_s = (int64_t)(clock_wall_ms() / 1000),
                                 .survey = live->top.survey,
                                 .reasons = live->look.reasons,
                                 .rows = live->top.rows,
                                 .count = live->top.count };

    return live->top.survey && live->top.mode != TOP_HELP ? overview_grid(&overview)
                                                          : NULL;
}

static size_t write_help(char texts[HELP_LINES][HELP_LINE], const char *lines[HELP_LINES])
{
    const struct top_binding *binding;
    size_t count = 0;

    while (count < HELP_LINES && (binding = top_binding(count))) {
        (void)snprintf(texts[count], HELP_LINE, "  %-10s %s", binding->label,
                       binding->help);
        lines[count] = texts[count];
        count++;
    }
    return count;
}

static void paint(const struct live *live)
{
    char state[300], bottom[700], texts[HELP_LINES][HELP_LINE];
    const char *lines[HELP_LINES];
    struct buffer head = { 0 };
    struct grid *grid = make_grid(live);
    struct screen_picture picture = {
        .state = state,
        .state_tone = *live->trouble ? TONE_BAD : TONE_FAINT,
        .grid = grid,
        .lines = lines,
        .first = live->top.first,
        .selected = live->top.selected,
        .bottom = bottom,
    };

    if (live->look.survey)
        overview_write_head(live->look.survey, &head);
    else
        buffer_add_text(&head, "usher");
    write_state(live, state, sizeof state);
    top_write_bottom(&live->top, bottom, sizeof bottom);
    if (live->top.mode == TOP_HELP)
        picture.line_count = write_help(texts, lines);
    picture.head = buffer_text(&head);
    screen_paint(&picture);
    buffer_deinit(&head);
    grid_destroy(grid);
}

static void take_command(struct live *live)
{
    if (live->has_command || live->is_saying) {
        (void)snprintf(live->top.message, sizeof live->top.message,
                       "not yet: %s is under way", live->command);
        return;
    }
    (void)snprintf(live->command, sizeof live->command, "%s", live->top.command);
    live->has_command = true;
}

static void heed_keys(struct live *live)
{
    int key;

    while ((key = screen_key())) {
        enum top_request request = top_press(&live->top, key);

        live->is_over |= request == TOP_QUIT;
        if (request == TOP_SAY)
            take_command(live);
    }
    top_resize(&live->top, screen_height());
}

static int wait_ms(const struct live *live)
{
    uint64_t until = live->connection ? live->deadline_ms : live->look_at_ms;
    uint64_t now = clock_ms();

    return until > now ? (int)(until - now) : 0;
}

/* Without a keyboard there is nobody to show anything to. */
static void wait_for_more(struct live *live)
{
    struct pollfd both[] = {
        { .fd = STDIN_FILENO, .events = POLLIN },
        { .fd = live->connection ? connection_fd(live->connection) : -1 },
    };

    if (live->connection)
        both[1].events = connection_events(live->connection);
    (void)poll(both, 2, wait_ms(live));
    live->is_over |= (both[0].revents & (POLLHUP | POLLERR)) != 0;
}

static void step(struct live *live)
{
    if (live->has_command)
        begin_command(live);
    else if (!live->connection && clock_ms() >= live->look_at_ms)
        begin_look(live);
    if (live->connection)
        advance(live);
    paint(live);
    wait_for_more(live);
    heed_keys(live);
}

static bool wants_colours(void)
{
    const char *wish = getenv("NO_COLOR");

    return !(wish && *wish);
}

enum outcome live_run(const struct invocation *invocation)
{
    struct live live = { .invocation = invocation };

    if (!screen_open(wants_colours()))
        return outcome_tell(OUTCOME_USAGE, "top needs a terminal that it can paint on");
    look_init(&live.look);
    top_init(&live.top, invocation->order, invocation->filter);
    top_resize(&live.top, screen_height());
    while (!live.is_over)
        step(&live);
    screen_close();
    connection_close(live.connection);
    top_deinit(&live.top);
    look_deinit(&live.look);
    return OUTCOME_DONE;
}
