/* Which rows are shown, and in which order. Pure. */
#pragma once

#include "usherctl/survey.h"

enum arrange_order {
    ARRANGE_AS_SERVED, /* usher's own: frontends, backends with their servers */
    ARRANGE_BY_NAME,   /* from here on servers alone */
    ARRANGE_BY_STATE,  /* the worst first */
    ARRANGE_BY_SESSIONS,
    ARRANGE_BY_RATE,
    ARRANGE_BY_BYTES,
    ARRANGE_BY_CHANGE, /* the latest first */
    ARRANGE_ORDERS
};

struct arrange_wish {
    enum arrange_order order;
    const char *filter; /* letters somewhere in name, state or address; "": all rows */
};

/* "served", "name", "state", ... */
const char *arrange_name(enum arrange_order order);
/* NULL: understood; else a sentence. */
const char *arrange_read(const char *text, enum arrange_order *order);

/* Room for all rows of the survey is needed; returns how many are shown. */
size_t arrange(const struct survey *survey, const struct arrange_wish *wish,
               const struct survey_row **rows);
