/* Which backend serves a client: by the name in its TLS greeting, by protocol, by
 * network, or by share. The first route of the file that fits is taken; without one, the
 * frontend's backend. Pure. */
#pragma once

#include "base/network.h"
#include "base/problem.h"

#include <stdbool.h>
#include <stddef.h>

enum route_kind {
    ROUTE_NAME,    /* example.com, or *.example.com: one label more */
    ROUTE_NO_NAME, /* `no-name`: a greeting without a name */
    ROUTE_NO_TLS,  /* `no-tls`: the client does not speak TLS */
    ROUTE_ALPN,    /* `alpn:h2` */
    ROUTE_NETWORK, /* 10.0.0.0/8 */
    ROUTE_SHARE,   /* `10%` of the clients */
};

struct route_condition {
    unsigned kind;    /* enum route_kind */
    const char *text; /* of a name (lower case, no final dot) or a protocol */
    struct network network;
    unsigned percent;     /* 1 ... 100 */
    unsigned share_begin; /* the draws from here on, `percent` of them */
};

/* `route = CONDITION ... -> BACKEND`: fits when one of its conditions does. */
struct route_settings {
    struct place place;
    const char *text; /* as written */
    size_t condition_count;
    struct route_condition *conditions;
    const char *backend;
};

/* What is known of a client when its route is chosen. */
struct route_facts {
    const struct endpoint *client;
    bool is_tls;
    const char *name; /* lower case; "": none */
    const char *alpn; /* with commas between */
    unsigned draw;    /* 0 ... 99, at random, once for each client */
};

bool route_fits(const struct route_settings *route, const struct route_facts *facts);
/* Does choosing among these need the client's TLS greeting? */
bool route_needs_greeting(const struct route_settings *routes, size_t count);
