/* Members are named as the columns that people see; what is not known is left out. */
#include "usherctl/overview_json.h"

#include <inttypes.h>

static void write_quoted(const char *text, struct buffer *out)
{
    buffer_add_text(out, "\"");
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;

        if (byte == '"' || byte == '\\')
            buffer_format(out, "\\%c", byte);
        else if (byte < 0x20 || byte > 0x7e)
            buffer_format(out, "\\u%04x", byte);
        else
            buffer_add(out, text, 1);
    }
    buffer_add_text(out, "\"");
}

/* A comma before all but the first member. */
static void begin_member(const char *name, struct buffer *out)
{
    bool is_first = out->length && out->bytes[out->length - 1] == '{';

    buffer_format(out, "%s\"%s\":", is_first ? "" : ",", name);
}

static void write_text(const char *name, const char *text, struct buffer *out)
{
    if (!*text)
        return;
    begin_member(name, out);
    write_quoted(text, out);
}

static void write_number(const char *name, int64_t number, struct buffer *out)
{
    if (number < 0)
        return;
    begin_member(name, out);
    buffer_format(out, "%" PRId64, number);
}

static void write_usher(const struct survey *survey, struct buffer *out)
{
    buffer_add_text(out, "{");
    write_text("version", survey->version, out);
    write_text("node", survey->node, out);
    write_number("uptime_s", survey->uptime_s, out);
    write_number("sessions", survey->sessions, out);
    write_number("sessions_limit", survey->sessions_most, out);
    write_number("rate", survey->session_rate, out);
    write_number("generation", survey->generation, out);
    buffer_add_text(out, "}");
}

static void write_reason(const struct reason *reason, struct buffer *out)
{
    if (reason->at_s < 0)
        return;
    begin_member("change", out);
    buffer_add_text(out, "{");
    write_number("at", reason->at_s, out);
    write_text("to", reason->to, out);
    write_text("who", reason->who, out);
    write_text("why", reason->why, out);
    buffer_add_text(out, "}");
}

static void write_row(const struct overview *overview, const struct survey_row *row,
                      struct buffer *out)
{
    static const char *const kinds[] = { [SURVEY_FRONTEND] = "frontend",
                                         [SURVEY_BACKEND] = "backend",
                                         [SURVEY_SERVER] = "server" };
    bool is_server = row->kind == SURVEY_SERVER;

    buffer_add_text(out, "{");
    write_text("kind", kinds[row->kind], out);
    write_text("name", survey_key(row).chars, out);
    write_text("backend", is_server ? row->proxy : "", out);
    write_text("server", is_server ? row->name : "", out);
    write_text("state", row->status, out);
    write_number("sessions", row->sessions, out);
    write_number("sessions_limit", row->limit, out);
    write_number("sessions_total", row->total, out);
    write_number("queued", row->queued, out);
    write_number("rate", row->rate, out);
    write_number("bytes_in", row->bytes_in, out);
    write_number("bytes_out", row->bytes_out, out);
    write_number("weight", row->weight, out);
    write_text("address", row->address, out);
    write_text("check", row->check, out);
    write_text("last_check", row->last_check, out);
    write_number("changed_s", row->changed_s, out);
    write_reason(reasons_of(overview->reasons, row), out);
    buffer_add_text(out, "}");
}

void overview_json_write(const struct overview *overview, struct buffer *out)
{
    buffer_add_text(out, "{\"usher\":");
    write_usher(overview->survey, out);
    buffer_add_text(out, ",\"rows\":[");
    for (size_t i = 0; i < overview->count; i++) {
        buffer_add_text(out, i ? "," : "");
        write_row(overview, overview->rows[i], out);
    }
    buffer_add_text(out, "]}\n");
}
