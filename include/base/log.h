/* Writes one whole line per event, with one system call, and never waits.
 *
 * Any thread. A line that cannot be written at once is dropped and counted. A line is
 *     2026-11-22T14:49:42.123Z notice  sentence  key=value key=value
 * or one JSON object of the same; in the two formats that other tools read it looks as if
 * syslogd had written it. Syslog has a head of its own. Values from strangers go through
 * text_escape. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level { LEVEL_ERROR, LEVEL_WARNING, LEVEL_NOTICE, LEVEL_INFO, LEVEL_DEBUG };

enum log_format {
    FORMAT_TEXT,
    FORMAT_JSON,
    FORMAT_TCPLOG, /* lines of sessions as HAProxy's `option tcplog` has them */
    FORMAT_HALOG,  /* such that halog reads them; all else goes to standard error */
};

enum log_syslog { SYSLOG_RFC3164, SYSLOG_RFC5424 };

/* Zero is what lines look like before anything was set, but for the facility. */
struct log_style {
    enum log_format format;
    enum log_syslog syslog;
    unsigned facility; /* by the numbers of RFC 5424 */
};

enum { FACILITY_DAEMON = 3 };

enum log_field_type { FIELD_TEXT, FIELD_NUMBER, FIELD_MS };

/* FIELD_MS: `queue=5ms` in text, `"queue_ms":5` in JSON. */
struct log_field {
    const char *key;
    enum log_field_type type;
    const char *text; /* NULL: "-" in text, null in JSON */
    uint64_t number;  /* of a FIELD_MS UINT64_MAX: -1ms in text, null in JSON */
};

/* An event whose values have types. */
struct log_record {
    const char *event; /* what JSON calls it */
    const char *sentence;
    size_t count;
    const struct log_field *fields;
};

struct problems;

/* Target: "stderr", "stdout", "syslog" (/dev/log), "syslog:/path", "syslog:HOST:PORT"
 * with a numeric host, or the path of a file. False, with a problem, leaves the old
 * target. Expects SIGPIPE to be ignored. */
bool log_open(const char *target, struct problems *problems);
/* A file is opened again by its name; the old one is kept when that fails. */
bool log_reopen(void);
void log_close(void);

/* For lines to come. */
void log_set_style(const struct log_style *style);
enum log_format log_format(void);

void log_set_level(enum log_level level);
bool log_is_on(enum log_level level);
/* NULL for none of that name. */
const char *log_level_name(enum log_level level);

/* Lines lost so far because the target could not take them. */
uint64_t log_dropped(void);

void log_write(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What this thread writes by log_write from now on, notices and more serious lines, is
 * told to one listener as well, whatever the level of the log. It must not log. NULL: to
 * nobody. */
typedef void log_heard(void *owner, enum log_level level, const char *event);
void log_listen(log_heard *on_logged, void *owner);

/* As text or JSON, whichever is wanted. */
void log_record(enum log_level level, const struct log_record *record);
/* In the formats for other tools: a line of a session, as it is. */
void log_session(enum log_level level, const char *line);

#define log_error(...) log_write(LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_write(LEVEL_WARNING, __VA_ARGS__)
#define log_notice(...) log_write(LEVEL_NOTICE, __VA_ARGS__)
#define log_info(...) log_write(LEVEL_INFO, __VA_ARGS__)
/* Its arguments are not evaluated when debug is off. */
#define log_debug(...)                                                                   \
    (log_is_on(LEVEL_DEBUG) ? log_write(LEVEL_DEBUG, __VA_ARGS__) : (void)0)
