/* Each figure is one that usher has; what only HAProxy could tell is left out. */
#include "admin/inside.h"

#include "admin/command.h"
#include "base/clock.h"
#include "control/control.h"
#include "control/facts.h"
#include "control/inquiry.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

void inside_show_environment(struct call *call)
{
    const char *wanted = command_argument(call, 0);
    size_t length = strlen(wanted);

    for (char **variable = environ; *variable; variable++)
        if (!length ||
            (!strncmp(*variable, wanted, length) && (*variable)[length] == '='))
            buffer_format(&call->reply->text, "%s\n", *variable);
    if (length && !call->reply->text.length)
        reply_refuse(call->reply, "Variable not found");
}

static const struct work_figure {
    const char *name;
    size_t at;
} work_figures[] = {
    { "loops", offsetof(struct worker_view, loops) },
    { "work_ms", offsetof(struct worker_view, work_ms) },
    { "sessions", offsetof(struct worker_view, sessions) },
    { "waiting", offsetof(struct worker_view, waiting) },
    { "pipes_used", offsetof(struct worker_view, pipes_used) },
    { "pipes_kept", offsetof(struct worker_view, pipes_kept) },
};

static uint64_t read_figure(const struct work_figure *figure,
                            const struct worker_view *view)
{
    return *(const uint64_t *)(const void *)((const char *)view + figure->at);
}

/* "sessions: 3 [ 1 2 ]" */
static void write_figure(const struct work_figure *figure,
                         const struct worker_view *views, size_t count,
                         struct buffer *out)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += read_figure(figure, &views[i]);
    buffer_format(out, "%s: %" PRIu64 " [", figure->name, sum);
    for (size_t i = 0; i < count; i++)
        buffer_format(out, " %" PRIu64, read_figure(figure, &views[i]));
    buffer_add_text(out, " ]\n");
}

static void on_activity_seen(void *owner, const struct worker_view *views, size_t count)
{
    struct call *call = owner;
    uint64_t now = clock_wall_ms();

    buffer_format(&call->reply->text, "date_now: %" PRIu64 ".%03u000\n", now / 1000,
                  (unsigned)(now % 1000));
    for (size_t i = 0; i < COUNT(work_figures); i++)
        write_figure(&work_figures[i], views, count, &call->reply->text);
    command_end(call);
}

void inside_show_activity(struct call *call)
{
    command_await(call);
    inquiry_look(call->control, on_activity_seen, call);
}

/* Returns its bytes. */
static size_t write_pool(struct buffer *out, size_t pool, const struct worker_view *views,
                         size_t count)
{
    const struct pool_view *first = &views[0].pools[pool];
    size_t made = 0, used = 0;

    for (size_t i = 0; i < count; i++) {
        made += views[i].pools[pool].made;
        used += views[i].pools[pool].used;
    }
    buffer_format(out, "  - Pool %s (%zu bytes) : %zu allocated (%zu bytes), %zu used\n",
                  first->name, first->size, made, made * first->size, used);
    return made * first->size;
}

static void on_pools_seen(void *owner, const struct worker_view *views, size_t count)
{
    struct call *call = owner;
    struct buffer *out = &call->reply->text;
    size_t bytes = 0;

    buffer_format(out, "Dumping pools usage of %zu workers.\n", count);
    for (size_t i = 0; i < WORKER_POOLS; i++)
        bytes += write_pool(out, i, views, count);
    buffer_format(out, "Total: %d pools, %zu bytes allocated.\n", (int)WORKER_POOLS,
                  bytes);
    command_end(call);
}

void inside_show_pools(struct call *call)
{
    command_await(call);
    inquiry_look(call->control, on_pools_seen, call);
}

/* What tasks there are, by what they do. */
struct tally {
    size_t count, total;
    struct {
        const char *what;
        size_t places;
    } rows[16];
};

static void tally_add(struct tally *tally, const char *what, size_t places)
{
    size_t i = 0;

    while (i < tally->count && strcmp(tally->rows[i].what, what) != 0)
        i++;
    if (i == COUNT(tally->rows))
        return;
    tally->count += i == tally->count;
    tally->rows[i].what = what;
    tally->rows[i].places += places;
    tally->total += places;
}

static void write_tally(const struct tally *tally, struct buffer *out)
{
    buffer_add_text(out, "  function                     places     %\n");
    for (size_t i = 0; i < tally->count; i++)
        buffer_format(out, "  %-25s %9zu %5.1f\n", tally->rows[i].what,
                      tally->rows[i].places,
                      100. * (double)tally->rows[i].places / (double)tally->total);
}

static void on_tasks_listed(void *owner, const struct session_view *views, size_t count)
{
    struct call *call = owner;
    struct facts facts = facts_read(call->control);
    struct tally tally = { 0 };

    for (size_t i = 0; i < count; i++)
        tally_add(&tally, views[i].stage, 1);
    if (facts.checks)
        tally_add(&tally, "check", facts.checks);
    buffer_format(&call->reply->text, "Running tasks: %zu (%u threads)\n", tally.total,
                  facts.workers + 1);
    write_tally(&tally, &call->reply->text);
    command_end(call);
}

void inside_show_tasks(struct call *call)
{
    command_await(call);
    inquiry_list(call->control, on_tasks_listed, call);
}

void inside_show_resolvers(struct call *call)
{
    struct resolving resolving = facts_resolving(call->control);
    struct buffer *out = &call->reply->text;

    buffer_format(out, "Resolvers section default\n nameserver %s:\n", resolving.servers);
    buffer_format(out, "  sent:        %" PRIu64 "\n", resolving.counts.asked);
    buffer_format(out, "  valid:       %" PRIu64 "\n", resolving.counts.found);
    buffer_format(out, "  nx:          %" PRIu64 "\n", resolving.counts.unknown);
    buffer_format(out, "  timeout:     %" PRIu64 "\n", resolving.counts.timed_out);
    buffer_format(out, "  refused:     %" PRIu64 "\n", resolving.counts.refused);
    buffer_format(out, "  other:       %" PRIu64 "\n", resolving.counts.failed);
}
