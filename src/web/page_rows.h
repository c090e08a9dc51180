/* The tables of the page. Main only. */
#pragma once

struct buffer;
struct page;
struct stat_row;

void page_rows_write(const struct page *page, struct buffer *out);
/* How a row looks, by its status: "up", "down", "trial", "drain", "maint", "ejected",
 * "unchecked". Pure. */
const char *page_rows_class(const struct stat_row *row);
