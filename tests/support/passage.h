/* Two connections that are one: what comes on one goes out on the other, each with TLS or
 * without. One thread. */
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>

struct passage_end {
    int fd;          /* -1: none */
    SSL *ssl;        /* NULL: plain; the handshake is done */
    bool is_curt;    /* is told of ends without a farewell */
    bool was_reset;  /* or went without a farewell */
    bool is_settled; /* poll has nothing new to say of it */
};

/* Until both directions are over, or one end was reset: then the other is, too. */
void passage_serve(struct passage_end *near, struct passage_end *far);
/* One end could not be had: resets what there is. */
void passage_fail(struct passage_end *near, struct passage_end *far);
void passage_close(struct passage_end *end);
void passage_block(int fd);
