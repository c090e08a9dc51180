/* Every thread writes its own lines, formatted on its own stack, with one system call and
 * no lock. Main publishes the target as one pointer; the descriptor keeps its number for
 * good and is replaced in place, so that no thread ever writes to a closed one. */
#include "base/log.h"

#include "base/log_target.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The numbers of RFC 3164. */
enum { FACILITY_DAEMON = 3 << 3, SEVERITY_ERROR = 3 };

enum { LINE_MOST = 2048 };

struct line {
    size_t length;
    char chars[LINE_MOST + 1];
};

/* A second of the clock in words, kept by each thread for the lines to come. */
struct second {
    time_t time;
    char text[32];
};

/* A target that was left may still be in use by a thread; it stays until log_close. */
struct left {
    struct log_target *target;
    struct left *next;
};

static const char *const names[] = {
    [LEVEL_ERROR] = "error", [LEVEL_WARNING] = "warning", [LEVEL_NOTICE] = "notice",
    [LEVEL_INFO] = "info",   [LEVEL_DEBUG] = "debug",
};

static const struct log_target *_Atomic current = &log_target_first;
static _Atomic unsigned highest = LEVEL_INFO;
static _Atomic uint64_t dropped;
static _Atomic uint64_t untold; /* dropped, and no line has said so yet */
static _Atomic bool is_torn;    /* the last thing written was a part of a line */

static struct log_target *opened; /* main only: what `current` is, when ours */
static struct left *lefts;        /* main only */

/* The first number stays, later descriptors take it over. A thread that sees the new
 * descriptor with the old target loses a line at worst, and that is counted. */
static bool take_number(int *fd, int number)
{
    int taken = dup3(*fd, number, O_CLOEXEC);

    (void)close(*fd);
    *fd = taken;
    return taken != -1;
}

static void leave(struct log_target *target)
{
    struct left *left = memory_new(sizeof *left);

    left->target = target;
    left->next = lefts;
    lefts = left;
}

bool log_open(const char *text, struct problems *problems)
{
    struct log_target *target = log_target_open(text, problems);

    if (!target)
        return false;
    tzset(); /* reads a file, which no line should have to wait for */
    if (opened) {
        ensure(take_number(&target->fd, opened->fd));
        leave(opened);
    }
    opened = target;
    atomic_store(&current, target);
    return true;
}

bool log_reopen(void)
{
    int fd;

    if (!opened || !opened->path)
        return true;
    fd = log_target_open_file(opened->path);
    return fd != -1 && take_number(&fd, opened->fd);
}

void log_close(void)
{
    atomic_store(&current, &log_target_first);
    if (opened)
        (void)close(opened->fd);
    log_target_destroy(opened);
    opened = NULL;
    while (lefts) {
        struct left *left = lefts;

        lefts = left->next;
        log_target_destroy(left->target);
        free(left);
    }
}

void log_set_level(enum log_level level)
{
    atomic_store_explicit(&highest, level, memory_order_relaxed);
}

bool log_is_on(enum log_level level)
{
    return level <= atomic_load_explicit(&highest, memory_order_relaxed);
}

const char *log_level_name(enum log_level level)
{
    return level < sizeof names / sizeof *names ? names[level] : NULL;
}

uint64_t log_dropped(void)
{
    return atomic_load_explicit(&dropped, memory_order_relaxed);
}

static void vadd(struct line *line, const char *format, va_list arguments)
{
    size_t room = LINE_MOST - line->length;
    int wanted = vsnprintf(line->chars + line->length, room, format, arguments);

    if (wanted < 0)
        return;
    if ((size_t)wanted < room) {
        line->length += (size_t)wanted;
        return;
    }
    line->length = LINE_MOST - 1;
    memcpy(line->chars + line->length - 3, "...", 3);
}

__attribute__((format(printf, 2, 3))) static void add(struct line *line,
                                                      const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vadd(line, format, arguments);
    va_end(arguments);
}

static void add_syslog_head(struct line *line, const struct log_target *target,
                            enum log_level level)
{
    static _Thread_local struct second second;
    time_t now = time(NULL);
    struct tm local;

    if (second.time != now && localtime_r(&now, &local)) {
        second.time = now;
        (void)strftime(second.text, sizeof second.text, "%b %e %H:%M:%S", &local);
    }
    add(line, "<%d>%s %susher[%d]: ", FACILITY_DAEMON + SEVERITY_ERROR + (int)level,
        second.text, target->host, (int)getpid());
}

static void add_time(struct line *line)
{
    static _Thread_local struct second second;
    struct timespec now;
    struct tm utc;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (second.time != now.tv_sec && gmtime_r(&now.tv_sec, &utc)) {
        second.time = now.tv_sec;
        (void)strftime(second.text, sizeof second.text, "%Y-%m-%dT%H:%M:%S", &utc);
    }
    add(line, "%s.%03ldZ ", second.text, now.tv_nsec / 1000000);
}

static void begin_line(struct line *line, const struct log_target *target,
                       enum log_level level)
{
    if (target->is_syslog)
        add_syslog_head(line, target, level);
    else
        add_time(line);
    add(line, "%s  ", names[level]);
}

/* One event is one line, whatever was put into it. */
static void end_line(struct line *line, size_t start)
{
    for (size_t i = start; i < line->length; i++)
        if (line->chars[i] == '\n')
            line->chars[i] = ' ';
    line->chars[line->length++] = '\n';
}

static bool send_line(const struct line *line, const struct log_target *target)
{
    /* A datagram ends by itself. */
    size_t length = line->length - target->is_syslog;
    ssize_t sent = target->send(target, line->chars, length);

    if (sent > 0 && (size_t)sent < length)
        atomic_store(&is_torn, true);
    return sent == (ssize_t)length;
}

/* False when there is something to tell and the target still takes nothing. */
static bool tell_losses(const struct log_target *target)
{
    struct line line = { 0 };
    uint64_t lost = atomic_load(&untold) ? atomic_exchange(&untold, 0) : 0;
    size_t start;

    if (!lost)
        return true;
    if (atomic_exchange(&is_torn, false) && !target->is_syslog)
        add(&line, "\n");
    start = line.length;
    begin_line(&line, target, LEVEL_WARNING);
    add(&line, "log lines were lost  lost=%llu", (unsigned long long)lost);
    end_line(&line, start);
    if (send_line(&line, target))
        return true;
    atomic_fetch_add(&untold, lost);
    return false;
}

static void drop_line(void)
{
    atomic_fetch_add(&dropped, 1);
    atomic_fetch_add(&untold, 1);
}

void log_write(enum log_level level, const char *format, ...)
{
    const struct log_target *target = atomic_load(&current);
    int before = errno;
    struct line line;
    va_list arguments;

    if (!log_is_on(level))
        return;
    line.length = 0;
    begin_line(&line, target, level);
    va_start(arguments, format);
    vadd(&line, format, arguments);
    va_end(arguments);
    end_line(&line, 0);
    if (!tell_losses(target) || !send_line(&line, target))
        drop_line();
    errno = before;
}
