/* A ring of lines. Those of the start stay apart, so that they are there however much has
 * happened since. */
#include "admin/events.h"

#include "base/buffer.h"
#include "base/log.h"
#include "base/memory.h"

#include <stdlib.h>
#include <time.h>

enum { KEPT = 512, START_MOST = 64 * 1024 };

struct events {
    char *lines[KEPT]; /* owned */
    uint64_t next;
    struct buffer start;
    bool is_starting;
};

/* "2026-11-22T14:49:42.123Z notice  ...", as in the log. */
static char *make_line(enum log_level level, const char *event)
{
    struct buffer line = { 0 };
    struct timespec now;
    char time[32];
    struct tm utc;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)gmtime_r(&now.tv_sec, &utc);
    (void)strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%S", &utc);
    buffer_format(&line, "%s.%03ldZ %-7s %s\n", time, now.tv_nsec / 1000000,
                  log_level_name(level), event);
    return line.bytes;
}

static void on_logged(void *owner, enum log_level level, const char *event)
{
    struct events *events = owner;
    char **place = &events->lines[events->next++ % KEPT];

    free(*place);
    *place = make_line(level, event);
    if (events->is_starting && level <= LEVEL_WARNING &&
        events->start.length < START_MOST)
        buffer_add_text(&events->start, *place);
}

struct events *events_create(void)
{
    struct events *events = memory_new(sizeof *events);

    events->is_starting = true;
    log_listen(on_logged, events);
    return events;
}

void events_destroy(struct events *events)
{
    if (!events)
        return;
    log_listen(NULL, NULL);
    for (size_t i = 0; i < KEPT; i++)
        free(events->lines[i]);
    buffer_deinit(&events->start);
    free(events);
}

void events_end_start(struct events *events)
{
    events->is_starting = false;
}

uint64_t events_next(const struct events *events)
{
    return events->next;
}

uint64_t events_oldest(const struct events *events)
{
    return events->next > KEPT ? events->next - KEPT : 0;
}

void events_write(const struct events *events, uint64_t from, struct buffer *out)
{
    uint64_t oldest = events_oldest(events);

    for (uint64_t i = from > oldest ? from : oldest; i < events->next; i++)
        buffer_add_text(out, events->lines[i % KEPT]);
}

void events_write_start(const struct events *events, struct buffer *out)
{
    buffer_add_text(out, buffer_text(&events->start));
}
