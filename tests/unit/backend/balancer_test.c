#include "backend/balancer.h"

#include "backend/balance.h"

#include <criterion/criterion.h>

Test(balancer, is_found_by_name)
{
    static const struct {
        const char *name;
        const struct balancer *balancer;
    } cases[] = {
        { "roundrobin", &balance_roundrobin },
        { "leastconn", &balance_leastconn },
        { "random", &balance_random },
        { "source", &balance_source },
        { "first", &balance_first },
        { "", NULL },
        { "roundrobi", NULL },
        { "Source", NULL },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(balancer_find(cases[i].name), cases[i].balancer, "%s",
                     cases[i].name);
}

Test(balancer, is_among_the_names_that_are_told)
{
    const char *const *names = balancer_names();
    size_t count = 0;

    for (; names[count]; count++) {
        const struct balancer *balancer = balancer_find(names[count]);

        cr_assert(balancer, "%s", names[count]);
        cr_expect_str_eq(balancer_name(balancer), names[count]);
        cr_expect(balancer->prepare && balancer->choose);
    }
    cr_expect_eq(count, 5);
}
