/* A session in one line, as the tools of HAProxy's users read it. Private to the proxy
 * folder. */
#pragma once

#include "base/log.h"
#include "proxy/termination.h"

struct tcplog {
    const char *client, *frontend;
    const char *backend, *server;                      /* NULL: none was chosen */
    uint64_t begun_on;                                 /* wall-clock ms */
    int64_t queue_ms, connect_ms, answer_ms, total_ms; /* -1: it did not come to that */
    uint64_t bytes;                                    /* server to client */
    struct termination why;
    bool is_tls, is_going_on, is_redispatched;
    unsigned of_process, of_frontend, of_backend, of_server; /* sessions */
    unsigned retries, queue_place;
};

/* FORMAT_TCPLOG or FORMAT_HALOG; what is too long is cut. */
void tcplog_write(const struct tcplog *line, enum log_format format, char *out,
                  size_t size);
