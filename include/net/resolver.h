/* Asks DNS without blocking, on main's loop. Main only. */
#pragma once

#include "base/address.h"

#include <stddef.h>
#include <stdint.h>

struct ev_loop;
struct resolver;
struct question;

struct resolved {
    const char *error;               /* NULL: found */
    size_t count;                    /* of the addresses; at least 1 when found */
    const struct address *addresses; /* with the port asked for; valid during the call */
    uint64_t ttl_ms;                 /* the least of all, between 1 s and 5 min */
};

/* Once per question, never before resolver_ask has returned. */
typedef void resolver_answered(void *owner, const struct resolved *resolved);

/* The version of the library that asks. */
const char *resolver_version(void);

struct resolver *resolver_create(struct ev_loop *loop);
/* Open questions are dropped without an answer. */
void resolver_destroy(struct resolver *resolver);

/* Of the questions so far, how they were answered. */
struct resolver_counts {
    uint64_t asked, found, unknown, timed_out, refused, failed;
};
struct resolver_counts resolver_counts(const struct resolver *resolver);
/* Who is asked: "192.0.2.1,192.0.2.2"; "none" before the first question. */
void resolver_write_servers(const struct resolver *resolver, char *text, size_t size);

struct question *resolver_ask(struct resolver *resolver, const struct address_parts *name,
                              resolver_answered *on_answer, void *owner);
/* Before its answer only. NULL is fine. */
void resolver_drop(struct question *question);
