/* Text for people, or JSON for machines; the formats of other tools say the rest as
 * text. */
#include "base/log_body.h"

#include "base/log_head.h"
#include "base/log_json.h"
#include "base/log_line.h"

#include <stdio.h>

enum { KEY_SIZE = 32 };

static void begin_text(struct log_line *line, enum log_level level)
{
    log_line_add(line, log_level_name(level));
    log_line_add(line, "  ");
}

static void begin_json(struct log_line *line, enum log_level level)
{
    log_json_open(line);
    log_line_add(line, "\"time\":\"");
    log_head_add_time(line);
    log_line_add(line, "\"");
    log_json_text(line, "severity", log_level_name(level));
}

void log_body_add_event(struct log_line *line, enum log_format format,
                        enum log_level level, const char *event)
{
    if (format == FORMAT_JSON) {
        begin_json(line, level);
        log_json_event(line, event);
        log_json_close(line);
    } else {
        begin_text(line, level);
        log_line_add(line, event);
    }
}

static void add_text_field(struct log_line *line, const struct log_field *field)
{
    log_line_add(line, field->key);
    log_line_add(line, "=");
    if (field->type == FIELD_TEXT)
        log_line_add(line, field->text ? field->text : "-");
    else if (field->number == UINT64_MAX)
        log_line_add(line, "-1");
    else
        log_line_add_number(line, field->number);
    if (field->type == FIELD_MS)
        log_line_add(line, "ms");
}

static void add_json_field(struct log_line *line, const struct log_field *field)
{
    char key[KEY_SIZE];

    (void)snprintf(key, sizeof key, "%s%s", field->key,
                   field->type == FIELD_MS ? "_ms" : "");
    if (field->type == FIELD_TEXT ? !field->text : field->number == UINT64_MAX)
        log_json_null(line, key);
    else if (field->type == FIELD_TEXT)
        log_json_text(line, key, field->text);
    else
        log_json_number(line, key, field->number);
}

static void add_text_record(struct log_line *line, const struct log_record *record)
{
    log_line_add(line, record->sentence);
    for (size_t i = 0; i < record->count; i++) {
        log_line_add(line, i ? " " : "  ");
        add_text_field(line, &record->fields[i]);
    }
}

static void add_json_record(struct log_line *line, const struct log_record *record)
{
    log_json_text(line, "message", record->sentence);
    log_json_text(line, "event", record->event);
    for (size_t i = 0; i < record->count; i++)
        add_json_field(line, &record->fields[i]);
    log_json_close(line);
}

void log_body_add_record(struct log_line *line, enum log_format format,
                         enum log_level level, const struct log_record *record)
{
    if (format == FORMAT_JSON) {
        begin_json(line, level);
        add_json_record(line, record);
    } else {
        begin_text(line, level);
        add_text_record(line, record);
    }
}
