/* The answer to one command: put together first, then framed as the dialect wants it. */
#pragma once

#include "base/buffer.h"

/* As syslog numbers them. Tables carry none and get no prefix. */
enum severity {
    SEVERITY_NONE = 0,
    SEVERITY_ERROR = 3,
    SEVERITY_WARNING = 4,
    SEVERITY_NOTICE = 5,
    SEVERITY_INFO = 6,
};

/* How a client wants to see severities. */
enum severity_style { SEVERITY_HIDDEN, SEVERITY_AS_NUMBER, SEVERITY_AS_WORD };

/* Zero is a valid start. Tables write into the text. */
struct reply {
    struct buffer text;
    enum severity severity;
};

void reply_deinit(struct reply *reply);

/* A message: what was said before is forgotten. */
void reply_say(struct reply *reply, enum severity severity, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same as an error. */
void reply_refuse(struct reply *reply, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds the framed reply to `out` and clears it: one LF behind the last line, then an
 * empty line; none within; nothing but printable ASCII. */
void reply_frame(struct reply *reply, enum severity_style style, struct buffer *out);
/* The same without the empty line: more is to come. */
void reply_frame_part(struct reply *reply, enum severity_style style, struct buffer *out);

/* "err", "warning" ... */
const char *reply_severity_name(enum severity severity);
