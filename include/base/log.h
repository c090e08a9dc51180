/* Writes one whole line per event, with one system call, and never waits.
 *
 * Any thread. A line that cannot be written at once is dropped and counted. A line is
 *     2026-11-22T14:49:42.123Z notice  sentence  key=value key=value
 * and reaches syslog without the time. Values from strangers go through text_escape. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum log_level { LEVEL_ERROR, LEVEL_WARNING, LEVEL_NOTICE, LEVEL_INFO, LEVEL_DEBUG };

struct problems;

/* Target: "stderr", "stdout", "syslog" (/dev/log), "syslog:/path", "syslog:HOST:PORT"
 * with a numeric host, or the path of a file. False, with a problem, leaves the old
 * target. Expects SIGPIPE to be ignored. */
bool log_open(const char *target, struct problems *problems);
/* A file is opened again by its name; the old one is kept when that fails. */
bool log_reopen(void);
void log_close(void);

void log_set_level(enum log_level level);
bool log_is_on(enum log_level level);
/* NULL for none of that name. */
const char *log_level_name(enum log_level level);

/* Lines lost so far because the target could not take them. */
uint64_t log_dropped(void);

void log_write(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#define log_error(...) log_write(LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_write(LEVEL_WARNING, __VA_ARGS__)
#define log_notice(...) log_write(LEVEL_NOTICE, __VA_ARGS__)
#define log_info(...) log_write(LEVEL_INFO, __VA_ARGS__)
/* Its arguments are not evaluated when debug is off. */
#define log_debug(...)                                                                   \
    (log_is_on(LEVEL_DEBUG) ? log_write(LEVEL_DEBUG, __VA_ARGS__) : (void)0)
