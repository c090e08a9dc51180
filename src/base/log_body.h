/* What a line says, in the words of its format. */
#pragma once

#include "base/log.h"

struct log_line;

/* "sentence  key=value" of any event. */
void log_body_add_event(struct log_line *line, enum log_format format,
                        enum log_level level, const char *event);
void log_body_add_record(struct log_line *line, enum log_format format,
                         enum log_level level, const struct log_record *record);
