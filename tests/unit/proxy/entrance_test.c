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

Test(entrance, has_a_limit_of_its_own_only_when_one_was_set)
{
    struct entrance *entrance = entrance_create("web", 1, 1);
    uint32_t most = 5;

    cr_expect_not(entrance_has_limit(entrance, &most));
    cr_expect_eq(most, 5);
    entrance_set_limit(entrance, 0);
    cr_expect(entrance_has_limit(entrance, &most));
    cr_expect_eq(most, 0);
    entrance_set_limit(entrance, UINT32_MAX);
    cr_expect(entrance_has_limit(entrance, &most));
    cr_expect_eq(most, UINT32_MAX);
    entrance_lift_limit(entrance);
    cr_expect_not(entrance_has_limit(entrance, &most));
    entrance_destroy(entrance);
}

Test(entrance, listens_unless_it_is_empty_or_paused_or_shut)
{
    struct entrance entrance = { .name = NULL };

    cr_expect(entrance_listens(&entrance));
    entrance.is_closed = true;
    cr_expect_not(entrance_listens(&entrance));
    entrance = (struct entrance){ .is_paused = true };
    cr_expect_not(entrance_listens(&entrance));
    entrance = (struct entrance){ .is_shut = true };
    cr_expect_not(entrance_listens(&entrance));
}
