/* The ways in which bytes go through usher: plain, with TLS to the clients, to the
 * servers, or both. Every relay story is told in each of them, by plain clients and
 * servers: tunnels stand between them and usher, and pass on every end and reset. So a
 * story differs only in what a session may cost. */
#pragma once

#include <criterion/parameterized.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct origin;
struct usher;

struct way {
    const char *name;
    bool is_tls_in, is_tls_out;
    uint64_t idle_kb;  /* memory of an idle session */
    uint64_t burst_kb; /* left from many handshakes at once */
    uint64_t deaf_kb;  /* of one whose client does not read */
};

/* By index, as parameters can hold no pointers. */
const struct way *way_of(size_t index);
struct criterion_test_params way_parameters(void);

/* Lines for a frontend and for a backend. */
const char *way_frontend(size_t index);
const char *way_backend(size_t index);
/* The address under which usher finds a server, and clients find a frontend. */
const char *way_to_server(size_t index, const char *address);
const char *way_to_frontend(size_t index, const char *address);

/* An usher in front of one origin. The lines are for the frontend and for the backend. */
struct usher *way_start(size_t index, const struct origin *origin, const char *frontend,
                        const char *backend);

/* Test(suite, name) told in each way: the body sees `size_t *way`. */
#define WAY_TEST(suite, name)                                                            \
    ParameterizedTestParameters(suite, name)                                             \
    {                                                                                    \
        return way_parameters();                                                         \
    }                                                                                    \
    ParameterizedTest(size_t *way, suite, name)
