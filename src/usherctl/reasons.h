/* Why each server is in the state it is in: the last line of its `show history`. Asked
 * for again only when something has changed. Pure. */
#pragma once

#include "base/buffer.h"
#include "usherctl/survey.h"

struct reasons;

struct reason {
    int64_t at_s;         /* Unix time of the last change; -1: none is known */
    char to[16], who[24]; /* "down", "probe" */
    char why[192];        /* "Connection refused"; "": none was given */
};

struct reasons *reasons_create(void);
/* NULL is fine. */
void reasons_destroy(struct reasons *reasons);

/* Goes on to a later survey; call it before the rest. */
void reasons_follow(struct reasons *reasons, const struct survey *survey);
/* Forgets that so many are known, in turn: a wish can change without the state. */
void reasons_refresh(struct reasons *reasons, size_t count);
/* Adds ";show history ..." for servers of which the reason is not known; returns for how
 * many. As many as a line of usher's may hold. */
size_t reasons_ask(struct reasons *reasons, struct buffer *out);
/* A line of the answer to the question with this number, of those last asked. */
void reasons_hear(struct reasons *reasons, size_t question, const char *line);

/* Of a row of the survey last followed. */
const struct reason *reasons_of(const struct reasons *reasons,
                                const struct survey_row *row);
