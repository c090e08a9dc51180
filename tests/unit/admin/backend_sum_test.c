#include "admin/backend_sum.h"

#include "backend/backend.h"

#include <criterion/criterion.h>

Test(backend_sum, adds_up_what_was_read_of_the_servers_and_those_that_are_gone)
{
    struct backend backend = { .departed = { .bytes_in = 100, .sessions = 7 } };
    struct server_figures one = { .sum = { .bytes_in = 10, .sessions = 2 },
                                  .sessions = 1 };
    struct server_figures two = { .sum = { .bytes_in = 1, .sessions = 3 },
                                  .sessions = 4 };
    struct backend_sum sum = backend_sum_begin(&backend);

    backend_sum_add(&sum, &one);
    backend_sum_add(&sum, &two);

    cr_expect_eq(sum.servers.bytes_in, 111);
    cr_expect_eq(sum.servers.sessions, 12);
    cr_expect_eq(sum.sessions, 5);
}
