/* What stands before a line: the time, and what syslog wants to know. */
#pragma once

#include "base/log.h"

struct log_line;
struct log_target;

void log_head_add(struct log_line *line, const struct log_target *target,
                  const struct log_style *style, enum log_level level);
/* "2026-11-22T14:49:42.123Z" */
void log_head_add_time(struct log_line *line);
