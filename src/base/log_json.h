/* A line of the log as one JSON object: valid whatever is put in, however long. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct log_line;

/* The line's own limit must leave LOG_JSON_CLOSING bytes. */
enum { LOG_JSON_CLOSING = 2 };

void log_json_open(struct log_line *line);
void log_json_close(struct log_line *line);
/* A member that does not fit is left out, a text that does not is cut. */
void log_json_text(struct log_line *line, const char *key, const char *text);
void log_json_text_of(struct log_line *line, const char *key, const char *text,
                      size_t length);
void log_json_number(struct log_line *line, const char *key, uint64_t number);
void log_json_null(struct log_line *line, const char *key);
/* "sentence  key=value key=value": the sentence becomes `message`, each key a text. */
void log_json_event(struct log_line *line, const char *event);
