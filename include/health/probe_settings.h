/* What the file says to single kinds of probes. Texts belong to the generation. */
#pragma once

#include "base/problem.h"

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which answers of HTTP are good: "200-399, 401". */
enum {
    HTTP_STATUS_LEAST = 100,
    HTTP_STATUS_MOST = 599,
    HTTP_STATUSES = HTTP_STATUS_MOST - HTTP_STATUS_LEAST + 1
};

struct http_statuses {
    const char *text;
    bool *are_good; /* HTTP_STATUSES of them; checks of thousands share them */
};

struct http_settings {
    const char *method, *path;
    const char *host; /* NULL: the server's own */
    struct http_statuses statuses;
    const char *body; /* what the body must have in it; NULL: anything */
};

enum check_step_kind {
    CHECK_STEP_SEND,
    CHECK_STEP_EXPECT, /* these bytes somewhere in what is heard */
    CHECK_STEP_MATCH,  /* a regular expression */
};

/* One step of a dialogue: `check-step = send "PING\r\n"`. */
struct check_step {
    struct place place;
    const char *text; /* as written */
    enum check_step_kind kind;
    const char *bytes; /* to send or expect; may hold NUL */
    size_t length;
    regex_t *regex; /* of CHECK_STEP_MATCH; borrowed from the generation */
};

enum zookeeper_wish {
    ZOOKEEPER_ANY,
    ZOOKEEPER_LEADER,
    ZOOKEEPER_FOLLOWER,
    ZOOKEEPER_OBSERVER
};

struct zookeeper_settings {
    unsigned role; /* enum zookeeper_wish */
    bool standalone_is_good, read_only_is_good;
    uint64_t max_outstanding; /* 0: no limit */
};
