/* What a conn does differently plain and under TLS. */
#pragma once

#include "net/conn.h"

struct conn_kind {
    enum io (*read)(struct conn *conn, void *bytes, size_t room, size_t *got);
    enum io (*write)(struct conn *conn, const void *bytes, size_t length, size_t *put);
    void (*finish)(struct conn *conn);
    size_t (*pending)(const struct conn *conn);
    /* Gives up the kind's secret; the descriptor is closed afterwards. */
    void (*close)(struct conn *conn);
};

extern const struct conn_kind conn_kind_plain;
