/* The table of ways. */
#include "support/way.h"

#include "support/authority.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/tunnel.h"
#include "support/usher.h"

#include <stdlib.h>

#define HOST "way.test"

static const struct way ways[] = {
    { .name = "plain", .idle_kb = 4, .burst_kb = 1024, .deaf_kb = 128 },
    { .name = "tls-in",
      .is_tls_in = true,
      .idle_kb = 16,
      .burst_kb = 8192,
      .deaf_kb = 192 },
    { .name = "tls-out",
      .is_tls_out = true,
      .idle_kb = 20,
      .burst_kb = 8192,
      .deaf_kb = 192 },
    { .name = "tls-both",
      .is_tls_in = true,
      .is_tls_out = true,
      .idle_kb = 34,
      .burst_kb = 8192,
      .deaf_kb = 256 },
};

enum { WAYS = sizeof ways / sizeof ways[0] };

const struct way *way_of(size_t index)
{
    return &ways[index];
}

struct criterion_test_params way_parameters(void)
{
    static size_t indices[WAYS];

    for (size_t i = 0; i < WAYS; i++)
        indices[i] = i;
    return cr_make_param_array(size_t, indices, WAYS);
}

/* Each test has one, made when it is asked for. */
static struct authority *own;

static void forget_signer(void)
{
    authority_remove(own);
}

static struct authority *signer(void)
{
    if (!own) {
        own = authority_create("ways");
        (void)atexit(forget_signer);
    }
    return own;
}

static const char *certificate(void)
{
    static const char *path;

    if (!path)
        path = authority_name(signer(), HOST);
    return path;
}

const char *way_frontend(size_t index)
{
    return ways[index].is_tls_in ? kept_format("tls-cert = %s\n", certificate()) : "";
}

const char *way_backend(size_t index)
{
    if (!ways[index].is_tls_out)
        return "";
    return kept_format("server-tls = yes\nserver-tls-ca = %s\nserver-tls-name = " HOST
                       "\n",
                       authority_file(signer()));
}

const char *way_to_server(size_t index, const char *address)
{
    if (!ways[index].is_tls_out)
        return address;
    return tunnel_address(tunnel_start((struct tunnel_plan){
        .to = address, .takes_tls = true, .certificate = certificate() }));
}

const char *way_to_frontend(size_t index, const char *address)
{
    if (!ways[index].is_tls_in)
        return address;
    return tunnel_address(tunnel_start((struct tunnel_plan){
        .to = address, .authority = authority_file(signer()), .name = HOST }));
}

struct usher *way_start(size_t index, const struct origin *origin, const char *frontend,
                        const char *backend)
{
    const char *server = way_to_server(index, origin_address(origin));
    struct usher *usher = usher_start(USHER_WEB "%s%s" USHER_APP
                                                "check = off\n%s%sserver = a %s\n",
                                      way_frontend(index), frontend, way_backend(index),
                                      backend, server);

    usher_set_web(usher, way_to_frontend(index, usher_web(usher)));
    return usher;
}
