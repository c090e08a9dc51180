/* `show stat` in the form that is asked for. Main only. */
#pragma once

#include "admin/row_filter.h"
#include "admin/stat.h"

enum stat_form { STAT_CSV, STAT_TYPED, STAT_JSON };

struct stat_wish {
    struct stat_request request;
    struct row_filter filter;
    enum stat_form form;
    bool has_help; /* of typed figures */
};

/* One snapshot: a backend's figures are the sum of its servers'. */
void stat_reply_write(const struct control *control, const struct stat_wish *wish,
                      struct buffer *out);
