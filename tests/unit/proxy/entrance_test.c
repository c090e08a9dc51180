#include "proxy/entrance.h"

#include "base/ledger.h"

#include <criterion/criterion.h>

Test(entrance, has_a_name_of_its_own_and_a_page_for_each_worker)
{
    char name[] = "web";
    struct entrance *entrance = entrance_create(name, 7, 3);

    name[0] = '?';
    for (unsigned worker = 0; worker < 3; worker++)
        counter_add(&ledger_page(entrance->ledger, worker)->sessions, worker + 1);

    cr_expect_str_eq(entrance->name, "web");
    cr_expect_eq(entrance->id, 7);
    cr_expect_eq(entrance->holders, 0);
    cr_expect_eq(gauge_read(&entrance->sessions), 0);
    cr_expect_eq(ledger_sum(entrance->ledger).sessions, 6);
    entrance_destroy(entrance);
}

Test(entrance, may_be_nobody_to_destroy)
{
    entrance_destroy(NULL);
}
