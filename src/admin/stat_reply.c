/* Rows are written as they are visited; nothing is kept, however many there are. */
#include "admin/stat_reply.h"

#include "admin/figure.h"
#include "admin/stat_row.h"
#include "admin/status.h"
#include "backend/backend.h"
#include "base/buffer.h"

#include <stdio.h>

struct reply_of_rows {
    const struct stat_wish *wish;
    struct buffer *out;
    bool has_rows;
};

static struct figure_object object_of(const struct stat_row *row)
{
    static const char *const types[] = {
        [STAT_FRONTEND] = "Frontend",
        [STAT_BACKEND] = "Backend",
        [STAT_SERVER] = "Server",
    };

    return (struct figure_object){ types[row->kind], row->proxy_id, row->server_id };
}

static void write_csv(struct reply_of_rows *reply, const struct stat_row *row)
{
    stat_row_write(row, reply->out);
}

static void write_typed(struct reply_of_rows *reply, const struct stat_row *row)
{
    struct figure_object object = object_of(row);
    struct figure figure;
    size_t index = 0;

    while (stat_row_next(row, &index, &figure))
        figure_write_typed(&figure, &object, reply->wish->has_help, reply->out);
}

static void write_json(struct reply_of_rows *reply, const struct stat_row *row)
{
    struct figure_object object = object_of(row);
    struct figure figure;
    size_t index = 0;

    buffer_add_text(reply->out, reply->has_rows ? ",[" : "[");
    for (bool is_first = true; stat_row_next(row, &index, &figure); is_first = false) {
        buffer_add_text(reply->out, is_first ? "" : ",");
        figure_write_json(&figure, &object, reply->out);
    }
    buffer_add_text(reply->out, "]");
}

/* Who sees a part of the servers only is told how many of all are well. */
static void add_count(const struct backend *backend, const char **status, char text[48])
{
    size_t count = 0, well = 0;

    for (size_t i = 0; i < backend->server_count; i++) {
        const struct server *server = backend->servers[i];
        struct status_facts facts = status_facts(server);

        count += !server->is_leaving;
        well += !server->is_leaving && status_operation(&facts);
    }
    (void)snprintf(text, 48, "%s (%zu/%zu)", *status, well, count);
    *status = text;
}

static void take_row(void *owner, const struct stat_row *row)
{
    static void (*const write[])(struct reply_of_rows *, const struct stat_row *) = {
        [STAT_CSV] = write_csv,
        [STAT_TYPED] = write_typed,
        [STAT_JSON] = write_json,
    };
    struct reply_of_rows *reply = owner;
    const struct row_filter *filter = &reply->wish->filter;
    struct stat_row shown = *row;
    char status[48];

    if (!row_filter_passes(filter, row))
        return;
    if (row->backend && (filter->only_up || filter->no_maint))
        add_count(row->backend, &shown.status, status);
    write[reply->wish->form](reply, &shown);
    reply->has_rows = true;
}

void stat_reply_write(const struct control *control, const struct stat_wish *wish,
                      struct buffer *out)
{
    struct reply_of_rows reply = { .wish = wish, .out = out };

    if (wish->form == STAT_CSV)
        stat_row_write_header(out);
    buffer_add_text(out, wish->form == STAT_JSON ? "[" : "");
    stat_each(control, &wish->request, take_row, &reply);
    buffer_add_text(out, wish->form == STAT_JSON ? "]\n" : "");
}
