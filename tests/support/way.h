/* The ways in which bytes go through usher. Every relay story is told in each of them. */
#pragma once

#include <criterion/parameterized.h>

#include <stddef.h>

struct origin;
struct usher;

struct way {
    const char *name;
    const char *frontend; /* lines for the frontend */
    const char *backend;  /* lines for the backend */
    const char *server;   /* words for the server's line */
};

/* By index, as parameters can hold no pointers. */
const struct way *way_of(size_t index);
struct criterion_test_params way_parameters(void);

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
