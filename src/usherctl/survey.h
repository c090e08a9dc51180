/* What usher serves, at one moment: read from its answers to `show info` and `show stat`.
 * Pure. */
#pragma once

#include "usherctl/csv.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum survey_kind { SURVEY_FRONTEND, SURVEY_BACKEND, SURVEY_SERVER };

/* Numbers are -1 where there is none, texts "". */
struct survey_row {
    enum survey_kind kind;
    const char *proxy, *name; /* of a server both make the key; borrowed, as all texts */
    const char *status, *check, *last_check, *address;
    int64_t sessions, limit, queued, rate, total, bytes_in, bytes_out, weight, changed_s;
    int64_t in_rate, out_rate; /* bytes in a second; see pace.h */
    size_t place;              /* in usher's own order, a backend before its servers */
};

struct survey {
    uint64_t at_ms; /* of clock_ms */
    char version[24], node[64];
    int64_t uptime_s, sessions, sessions_most, session_rate, generation;
    size_t count;
    struct survey_row *rows; /* owned */
    struct csv stat;         /* owned: the texts of the rows */
};

/* Never NULL. Without rows the answers were none of usher's. */
struct survey *survey_read(const char *info, const char *stat, uint64_t at_ms);
/* NULL is fine. */
void survey_destroy(struct survey *survey);

struct survey_key {
    char chars[256];
};

/* "app/a", "app", "web": as usher's commands name them. */
struct survey_key survey_key(const struct survey_row *row);
/* From `hint` on first, where it is most often; NULL: there is none such. */
const struct survey_row *survey_find(const struct survey *survey,
                                     const struct survey_row *like, size_t hint);
