/* What a conn does differently plain and under TLS. */
#pragma once

#include "net/conn.h"

struct conn_kind {
    enum io (*handshake)(struct conn *conn);
    enum io (*read)(struct conn *conn, void *bytes, size_t room, size_t *got);
    enum io (*write)(struct conn *conn, const void *bytes, size_t length, size_t *put);
    void (*finish)(struct conn *conn);
    size_t (*pending)(const struct conn *conn);
    /* What the descriptor is watched for when the owner awaits `events`. */
    int (*watch)(struct conn *conn, struct ev_loop *loop, int events);
    const char *(*trouble)(const struct conn *conn);
    /* Gives up the kind's secret; the descriptor is closed afterwards. */
    void (*close)(struct conn *conn, struct ev_loop *loop, bool by_reset);
};

extern const struct conn_kind conn_kind_plain;
