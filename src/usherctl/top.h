/* What the live view shows and what its keys do, without the screen. Pure. */
#pragma once

#include "usherctl/arrange.h"

#include <stdbool.h>

/* Keys that are no characters. */
enum top_key {
    TOP_UP = 0x1000,
    TOP_DOWN,
    TOP_PAGE_UP,
    TOP_PAGE_DOWN,
    TOP_HOME,
    TOP_END,
    TOP_ENTER,
    TOP_ESCAPE,
    TOP_BACKSPACE
};

enum top_request {
    TOP_NOTHING,
    TOP_SAY, /* the command is to be said to usher */
    TOP_QUIT
};

enum top_mode { TOP_TABLE, TOP_FILTER, TOP_QUESTION, TOP_HELP };

struct top {
    enum top_mode mode;
    enum arrange_order order;
    char filter[64];
    char message[640]; /* at the bottom until the next key */
    char command[320];
    size_t first, selected; /* rows: the topmost one on the screen, the chosen one */
    size_t height;          /* of the table on the screen */
    struct survey_key key;  /* of the chosen one, and its kind: it stays chosen */
    enum survey_kind kind;
    const struct survey *survey; /* borrowed; NULL: nothing to show yet */
    const struct survey_row **rows;
    size_t count;
};

void top_init(struct top *top, enum arrange_order order, const char *filter);
void top_deinit(struct top *top);

/* To be called before the survey shown so far goes. */
void top_show(struct top *top, const struct survey *survey);
void top_resize(struct top *top, size_t height);
enum top_request top_press(struct top *top, int key);
/* What is at the bottom of the screen. */
void top_write_bottom(const struct top *top, char *out, size_t size);

struct top_binding {
    int key, other; /* that do the same; 0: there is no other */
    const char *label, *help;
    enum top_request (*press)(struct top *);
};

/* NULL behind the last one. */
const struct top_binding *top_binding(size_t index);
