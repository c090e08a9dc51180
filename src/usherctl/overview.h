/* What is shown of a survey, as a table. Pure. */
#pragma once

#include "usherctl/arrange.h"
#include "usherctl/grid.h"
#include "usherctl/reasons.h"

enum overview_kind {
    OVERVIEW_ONCE, /* what was counted so far, and addresses */
    OVERVIEW_LIVE  /* how fast it is counted */
};

struct overview {
    enum overview_kind kind;
    int64_t unix_s; /* the present, as reasons count it */
    const struct survey *survey;
    const struct reasons *reasons;  /* they follow the survey */
    const struct survey_row **rows; /* arranged */
    size_t count;
};

/* The caller owns the grid; its rows are those of the overview. */
struct grid *overview_grid(const struct overview *overview);
/* "usher 1.0 on host  up 3h5m  12/4000 sessions ..." without a line end. */
void overview_write_head(const struct survey *survey, struct buffer *out);
