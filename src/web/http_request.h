/* Reads what an HTTP client asks for: the head of one request. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum {
    HTTP_LINE_MOST = 2048, /* of the first line */
    HTTP_HEAD_MOST = 8192, /* of all of it */
};

/* Targets are kept decoded, and cut at the first ; or ? */
struct http_request {
    unsigned status; /* 0: it is fine; else what to answer instead */
    bool is_head;    /* without the body */
    char path[HTTP_LINE_MOST + 1];
    char options[HTTP_LINE_MOST + 1]; /* "csv;norefresh" */
};

/* False: not all of it is here yet, and nothing is wrong so far. */
bool http_request_read(const char *bytes, size_t length, struct http_request *request);

/* One of the options, cut at ; & and ?. Empty texts for what is not there. */
struct http_option {
    char name[64], value[HTTP_LINE_MOST + 1];
};

/* The next one from `at`, which starts as 0. False: there are no more. */
bool http_request_option(const struct http_request *request, size_t *at,
                         struct http_option *option);
bool http_request_has(const struct http_request *request, const char *name);
