/* The status page: all that operators look at first. Main only. */
#pragma once

#include "admin/snapshot.h"

#include <stdbool.h>

struct buffer;
struct control;

struct page {
    const struct control *control;
    const struct row_filter *filter;
    bool is_still; /* without live update */
    struct snapshot snapshot;
};

void page_write(const struct page *page, struct buffer *out);
