/* Asks for one server's name, waits, and asks again. */
#include "discovery/lookup.h"

#include "backend/backend.h"
#include "base/log.h"
#include "base/memory.h"
#include "net/resolver.h"

#include <ev.h>
#include <stdlib.h>

enum { RETRY_LEAST_MS = 1000, RETRY_MOST_MS = 30000 };

struct lookup {
    lookup_found *on_found;
    void *owner;
    uint64_t retry_ms; /* the next wait after a failure; the least while all is well */
    bool is_failing;
    ev_timer again;
    struct question *question; /* borrowed from the resolver; NULL when none is open */
    struct ev_loop *loop;      /* borrowed, like the rest */
    struct resolver *resolver;
    struct server *server;
};

static void start_timer(struct lookup *lookup, uint64_t after_ms)
{
    ev_timer_stop(lookup->loop, &lookup->again);
    ev_timer_set(&lookup->again, (double)after_ms / 1e3, 0.);
    ev_timer_start(lookup->loop, &lookup->again);
}

static void note_failure(struct lookup *lookup, const char *why)
{
    const struct server *server = lookup->server;
    uint64_t doubled = lookup->retry_ms * 2;

    start_timer(lookup, lookup->retry_ms);
    lookup->retry_ms = doubled < RETRY_MOST_MS ? doubled : RETRY_MOST_MS;
    if (lookup->is_failing)
        return;
    lookup->is_failing = true;
    log_warning("cannot resolve \"%s\" for server %s/%s: %s; asking again  server=%s/%s",
                server->destination.host, server->backend->name, server->name, why,
                server->backend->name, server->name);
}

static void note_success(struct lookup *lookup, uint64_t ttl_ms)
{
    start_timer(lookup, ttl_ms);
    lookup->retry_ms = RETRY_LEAST_MS;
    lookup->is_failing = false;
}

/* A server stays where it is as long as DNS still names the place: answers in ever new
 * order do not move it. */
static bool is_still_there(const struct server *server, const struct resolved *resolved)
{
    const struct address *present = server_address(server);

    for (size_t i = 0; present && i < resolved->count; i++)
        if (address_is_equal(present, &resolved->addresses[i]))
            return true;
    return false;
}

static void log_address(const struct server *server, const char *verb,
                        const struct address *address)
{
    static const struct address nowhere;
    const struct address *present = server_address(server);
    struct address_text was = address_text(present ? present : &nowhere);

    log_notice("server %s/%s %s %s  was=%s name=%s server=%s/%s", server->backend->name,
               server->name, verb, address_text(address).chars, was.chars,
               server->destination.host, server->backend->name, server->name);
}

/* The owner is called last: it may do as it likes with the lookup. */
static void move(struct lookup *lookup, const struct address *to)
{
    struct address *address = memory_new(sizeof *address);

    *address = *to;
    log_address(lookup->server, server_address(lookup->server) ? "moved to" : "is at",
                to);
    lookup->on_found(lookup->owner, lookup->server, address);
}

static void on_answer(void *owner, const struct resolved *resolved)
{
    struct lookup *lookup = owner;
    struct server *server = lookup->server;
    bool was_failing = lookup->is_failing;

    lookup->question = NULL;
    if (resolved->error) {
        note_failure(lookup, resolved->error);
        return;
    }
    note_success(lookup, resolved->ttl_ms);
    if (!is_still_there(server, resolved))
        move(lookup, &resolved->addresses[0]);
    else if (was_failing)
        log_address(server, "resolves again, and is still at", server_address(server));
}

static void ask(struct lookup *lookup)
{
    ensure(!lookup->question);
    lookup->question = resolver_ask(lookup->resolver, &lookup->server->destination,
                                    on_answer, lookup);
}

static void on_again(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)loop, (void)events;
    ask(timer->data);
}

struct lookup *lookup_create(struct ev_loop *loop, struct resolver *resolver,
                             struct server *server)
{
    struct lookup *lookup = memory_new(sizeof *lookup);

    lookup->loop = loop;
    lookup->resolver = resolver;
    lookup->server = server;
    lookup->retry_ms = RETRY_LEAST_MS;
    ev_timer_init(&lookup->again, on_again, 0., 0.);
    lookup->again.data = lookup;
    return lookup;
}

void lookup_begin(struct lookup *lookup, lookup_found *on_found, void *owner)
{
    lookup->on_found = on_found;
    lookup->owner = owner;
    ask(lookup);
}

void lookup_destroy(struct lookup *lookup)
{
    if (!lookup)
        return;
    resolver_drop(lookup->question);
    ev_timer_stop(lookup->loop, &lookup->again);
    free(lookup);
}
