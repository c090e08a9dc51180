/* Orders between threads: posted by any, read by one, in the order of posting.
 *
 * Posting neither locks nor waits. */
#pragma once

#include <ev.h>

struct mailbox;
struct order;

/* Runs on the thread that reads the mailbox. It may free the order. */
typedef void order_carry_out(struct order *order, void *reader);

/* Embedded in what it carries; owned by the sender until posted. */
struct order {
    struct order *next;
    order_carry_out *carry_out;
};

/* `reader` is handed to every order. Before others may post, the loop need not run
 * yet. */
struct mailbox *mailbox_create(struct ev_loop *loop, void *reader);
/* Orders that were not read are dropped. */
void mailbox_destroy(struct mailbox *mailbox);

/* Carries out what is there now; the reader's thread only, outside its loop. */
void mailbox_read(struct mailbox *mailbox);

/* Any thread. */
void mailbox_post(struct mailbox *mailbox, struct order *order);
