/* Every thread writes its own lines, formatted on its own stack, with one system call and
 * no lock. Main publishes the target as one pointer; the descriptor keeps its number for
 * good and is replaced in place, so that no thread ever writes to a closed one. */
#include "base/log.h"

#include "base/log_body.h"
#include "base/log_head.h"
#include "base/log_line.h"
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

/* A target that was left may still be in use by a thread; it stays until log_close. */
struct left {
    struct log_target *target;
    struct left *next;
};

/* Of each part of a style, which is published as one number. */
enum { STYLE_BITS = 8, STYLE_MASK = (1 << STYLE_BITS) - 1 };

static const char *const names[] = {
    [LEVEL_ERROR] = "error", [LEVEL_WARNING] = "warning", [LEVEL_NOTICE] = "notice",
    [LEVEL_INFO] = "info",   [LEVEL_DEBUG] = "debug",
};

static const struct log_target *_Atomic current = &log_target_first;
static _Atomic unsigned highest = LEVEL_INFO;
static _Atomic unsigned style_bits = FACILITY_DAEMON << STYLE_BITS;
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

void log_set_style(const struct log_style *style)
{
    atomic_store_explicit(&style_bits,
                          style->facility << STYLE_BITS |
                              (unsigned)style->syslog << 2 * STYLE_BITS |
                              (unsigned)style->format,
                          memory_order_relaxed);
}

static struct log_style present_style(void)
{
    unsigned bits = atomic_load_explicit(&style_bits, memory_order_relaxed);

    return (struct log_style){
        .format = (enum log_format)(bits & STYLE_MASK),
        .facility = bits >> STYLE_BITS & STYLE_MASK,
        .syslog = (enum log_syslog)(bits >> 2 * STYLE_BITS & STYLE_MASK),
    };
}

enum log_format log_format(void)
{
    return present_style().format;
}

/* A line that is about to be written: in this style, to this target. */
struct letter {
    const struct log_target *target;
    struct log_style style;
    enum log_level level;
    struct log_line line;
};

/* Those who read a log with halog get what it can read; the rest is for people. */
static void address_letter(struct letter *letter, enum log_level level, bool is_session)
{
    letter->target = atomic_load(&current);
    letter->style = present_style();
    letter->level = level;
    if (letter->style.format == FORMAT_HALOG && !is_session &&
        !letter->target->is_syslog) {
        letter->target = &log_target_first;
        letter->style.format = FORMAT_TEXT;
    }
}

/* `before`: what has to stand before all else. */
static void begin_line(struct letter *letter, const char *before)
{
    bool is_json = letter->style.format == FORMAT_JSON;

    /* One for the end of the line. */
    log_line_begin(&letter->line, is_json ? LOG_LINE_ROOM - 1 : LOG_LINE_MOST - 1);
    log_line_add(&letter->line, before);
    log_head_add(&letter->line, letter->target, &letter->style, letter->level);
}

static bool send_line(const struct letter *letter)
{
    /* A datagram ends by itself. */
    size_t length = letter->line.length - letter->target->is_syslog;
    ssize_t sent = letter->target->send(letter->target, letter->line.chars, length);

    if (sent > 0 && (size_t)sent < length)
        atomic_store(&is_torn, true);
    return sent == (ssize_t)length;
}

/* False when there is something to tell and the target still takes nothing. */
static bool tell_losses(const struct letter *about)
{
    uint64_t lost = atomic_load(&untold) ? atomic_exchange(&untold, 0) : 0;
    struct letter letter = { .target = about->target, .style = about->style };
    bool must_begin;
    char event[64];

    if (!lost)
        return true;
    letter.level = LEVEL_WARNING;
    must_begin = atomic_exchange(&is_torn, false) && !letter.target->is_syslog;
    begin_line(&letter, must_begin ? "\n" : "");
    (void)snprintf(event, sizeof event, "log lines were lost  lost=%llu",
                   (unsigned long long)lost);
    log_body_add_event(&letter.line, letter.style.format, letter.level, event);
    log_line_end(&letter.line, must_begin);
    if (send_line(&letter))
        return true;
    atomic_fetch_add(&untold, lost);
    return false;
}

static void post(struct letter *letter)
{
    log_line_end(&letter->line, 0);
    if (tell_losses(letter) && send_line(letter))
        return;
    atomic_fetch_add(&dropped, 1);
    atomic_fetch_add(&untold, 1);
}

void log_record(enum log_level level, const struct log_record *record)
{
    int before = errno;
    struct letter letter;

    if (!log_is_on(level))
        return;
    address_letter(&letter, level, true);
    begin_line(&letter, "");
    log_body_add_record(&letter.line, letter.style.format, level, record);
    post(&letter);
    errno = before;
}

void log_session(enum log_level level, const char *line)
{
    int before = errno;
    struct letter letter;

    if (!log_is_on(level))
        return;
    address_letter(&letter, level, true);
    begin_line(&letter, "");
    log_line_add(&letter.line, line);
    post(&letter);
    errno = before;
}

/* `event` is on the stack of who says it. */
static void post_event(enum log_level level, const char *event)
{
    struct letter letter;

    address_letter(&letter, level, false);
    begin_line(&letter, "");
    log_body_add_event(&letter.line, letter.style.format, level, event);
    post(&letter);
}

static _Thread_local struct {
    log_heard *on_logged;
    void *owner; /* borrowed */
} listener;

void log_listen(log_heard *on_logged, void *owner)
{
    listener.on_logged = on_logged;
    listener.owner = owner;
}

void log_write(enum log_level level, const char *format, ...)
{
    int before = errno;
    bool is_heard = listener.on_logged && level <= LEVEL_NOTICE;
    char event[LOG_LINE_MOST + 1];
    va_list arguments;

    if (!is_heard && !log_is_on(level))
        return;
    va_start(arguments, format);
    (void)vsnprintf(event, sizeof event, format, arguments);
    va_end(arguments);
    if (log_is_on(level))
        post_event(level, event);
    if (is_heard)
        listener.on_logged(listener.owner, level, event);
    errno = before;
}
