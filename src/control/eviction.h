/* Sessions of a server that are ended little by little, wherever they are served. Main
 * only; private to the control folder. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct ev_loop;
struct evictions;
struct server;
struct team;

enum eviction_leave { EVICTION_GO_ON, EVICTION_WAIT, EVICTION_STOP };

/* Whose doing an eviction is: a server has one of each at most. */
enum eviction_cause {
    EVICTION_FOR_DOWN,     /* on-down */
    EVICTION_FOR_BETTER,   /* on-up */
    EVICTION_FOR_SHARE,    /* rebalance */
    EVICTION_FOR_SHEDDING, /* an administrator's */
    EVICTION_FOR_DRAIN     /* likewise */
};

struct eviction_plan {
    struct server *server; /* borrowed; evictions_forget before it goes */
    enum eviction_cause cause;
    uint64_t wait_ms; /* before the first */
    uint64_t most;    /* sessions in all; 0: all there are */
    uint64_t span_ms; /* spread evenly over this; 0: by the rate */
    unsigned rate;    /* sessions a second; 0: all at once */
    bool is_patient;  /* within span_ms: sessions that end by themselves count, too */
};

struct evictions_settings {
    struct ev_loop *loop; /* borrowed, as the team */
    struct team *team;
    /* Asked again and again. */
    enum eviction_leave (*may_go_on)(void *owner, const struct eviction_plan *plan);
    void *owner;
};

struct evictions *evictions_create(const struct evictions_settings *settings);
void evictions_destroy(struct evictions *evictions);

/* False when the server has one of this cause already: that goes on. */
bool evictions_begin(struct evictions *evictions, const struct eviction_plan *plan);
/* There may be none. */
void evictions_cancel(struct evictions *evictions, const struct server *server,
                      enum eviction_cause cause);
void evictions_forget(struct evictions *evictions, const struct server *server);
