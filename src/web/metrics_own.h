/* The metrics of the process, and those that only usher has. Main only. */
#pragma once

#include "admin/stat_row.h"

struct metrics_text;

void metrics_own_process(const struct metrics_text *text);
/* Of the rows of that kind. */
void metrics_own_rows(const struct metrics_text *text, enum stat_kind kind);
