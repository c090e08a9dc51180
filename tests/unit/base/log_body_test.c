#include "base/log_body.h"

#include "base/log_line.h"

#include <criterion/criterion.h>
#include <string.h>

static struct log_line line;

static const struct log_field fields[] = {
    { "name", FIELD_TEXT, "a \"b\"", 0 },      { "none", FIELD_TEXT, NULL, 0 },
    { "count", FIELD_NUMBER, NULL, 7 },        { "queue", FIELD_MS, NULL, 5 },
    { "connect", FIELD_MS, NULL, UINT64_MAX },
};

static const struct log_record record = { "end", "it is over",
                                          sizeof fields / sizeof *fields, fields };

static const char *record_as(enum log_format format)
{
    log_line_begin(&line, 512);
    log_body_add_record(&line, format, LEVEL_INFO, &record);
    line.chars[line.length] = '\0';
    return line.chars;
}

static const char *event_as(enum log_format format)
{
    log_line_begin(&line, 512);
    log_body_add_event(&line, format, LEVEL_ERROR, "no server  backend=app");
    line.chars[line.length] = '\0';
    return line.chars;
}

/* Behind the time. */
static const char *tail_of(const char *json)
{
    cr_assert(!strncmp(json, "{\"time\":\"2", 10), "%s", json);
    return strstr(json, "Z\",");
}

Test(log_body, of_a_record_is_a_sentence_and_pairs)
{
    cr_expect_str_eq(record_as(FORMAT_TEXT),
                     "info  it is over  name=a \"b\" none=- count=7 queue=5ms "
                     "connect=-1ms");
}

Test(log_body, of_a_record_is_an_object_with_types)
{
    cr_expect_str_eq(tail_of(record_as(FORMAT_JSON)),
                     "Z\",\"severity\":\"info\",\"message\":\"it is over\","
                     "\"event\":\"end\",\"name\":\"a \\\"b\\\"\",\"none\":null,"
                     "\"count\":7,\"queue_ms\":5,\"connect_ms\":null}");
}

Test(log_body, of_an_event_is_what_was_said)
{
    static const enum log_format formats[] = { FORMAT_TEXT, FORMAT_TCPLOG, FORMAT_HALOG };

    for (size_t i = 0; i < 3; i++)
        cr_expect_str_eq(event_as(formats[i]), "error  no server  backend=app");
}

Test(log_body, of_an_event_is_an_object)
{
    cr_expect_str_eq(tail_of(event_as(FORMAT_JSON)),
                     "Z\",\"severity\":\"error\",\"message\":\"no server\","
                     "\"backend\":\"app\"}");
}
