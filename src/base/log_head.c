/* Heads of lines, each in the form of who reads it. The clock in words is kept for a
 * second by each thread. */
#include "base/log_head.h"

#include "base/log_line.h"
#include "base/log_target.h"

#include <time.h>
#include <unistd.h>

/* The numbers of RFC 3164. */
enum { SEVERITY_ERROR = 3, FACILITY_SHIFT = 3 };

struct second {
    time_t time;
    char text[32];
};

static unsigned severity(enum log_level level)
{
    return SEVERITY_ERROR + (unsigned)level;
}

static unsigned priority(const struct log_style *style, enum log_level level)
{
    return (style->facility << FACILITY_SHIFT) + severity(level);
}

static const char *host_of(const struct log_target *target)
{
    return *target->host ? target->host : "-";
}

/* "Nov 22 14:49:42", the local time. */
static void add_local_time(struct log_line *line)
{
    static _Thread_local struct second second;
    time_t now = time(NULL);
    struct tm local;

    if (second.time != now && localtime_r(&now, &local)) {
        second.time = now;
        (void)strftime(second.text, sizeof second.text, "%b %e %H:%M:%S", &local);
    }
    log_line_add(line, second.text);
}

void log_head_add_time(struct log_line *line)
{
    static _Thread_local struct second second;
    struct timespec now;
    struct tm utc;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (second.time != now.tv_sec && gmtime_r(&now.tv_sec, &utc)) {
        second.time = now.tv_sec;
        (void)strftime(second.text, sizeof second.text, "%Y-%m-%dT%H:%M:%S", &utc);
    }
    log_line_format(line, "%s.%03ldZ", second.text, now.tv_nsec / 1000000);
}

static void add_rfc3164(struct log_line *line, const struct log_target *target,
                        unsigned number)
{
    log_line_format(line, "<%u>", number);
    add_local_time(line);
    if (target->is_remote)
        log_line_format(line, " %s", host_of(target));
    log_line_format(line, " usher[%d]: ", (int)getpid());
}

static void add_rfc5424(struct log_line *line, const struct log_target *target,
                        unsigned number)
{
    log_line_format(line, "<%u>1 ", number);
    log_head_add_time(line);
    log_line_format(line, " %s usher %d - - ", host_of(target), (int)getpid());
}

/* As syslogd writes it into a file: what reads such files reads this too. */
static void add_file_head(struct log_line *line, const struct log_target *target)
{
    add_local_time(line);
    log_line_format(line, " %s usher[%d]: ", host_of(target), (int)getpid());
}

void log_head_add(struct log_line *line, const struct log_target *target,
                  const struct log_style *style, enum log_level level)
{
    if (target->is_syslog && style->syslog == SYSLOG_RFC5424) {
        add_rfc5424(line, target, priority(style, level));
    } else if (target->is_syslog) {
        add_rfc3164(line, target, priority(style, level));
    } else if (target->is_journal) {
        /* Which knows time, host and process by itself. */
        log_line_format(line, "<%u>", severity(level));
    } else if (style->format == FORMAT_TEXT) {
        log_head_add_time(line);
        log_line_add(line, " ");
    } else if (style->format != FORMAT_JSON) {
        add_file_head(line, target);
    }
}
