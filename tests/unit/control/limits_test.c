#include "control/limits.h"

#include "controls.h"
#include "control/facts.h"

static void set_up(void)
{
    make_control("");
}

static void tear_down(void)
{
    drop_control();
}

TestSuite(limits, .timeout = 20, .init = set_up, .fini = tear_down);

Test(limits, of_sessions_are_never_above_what_the_file_allows)
{
    unsigned most = facts_read(control).maxconn;

    cr_assert_gt(most, 1);
    cr_expect(limits_set_sessions(control, 1, "test"));
    cr_expect_eq(facts_read(control).maxconn, 1);
    cr_expect_eq(facts_read(control).most_maxconn, most);
    cr_expect_not(limits_set_sessions(control, most + 1, "test"));
    cr_expect_eq(facts_read(control).maxconn, 1);
    cr_expect(limits_set_sessions(control, 0, "test"));
    cr_expect_eq(facts_read(control).maxconn, most);
}

Test(limits, outlast_a_reload)
{
    cr_expect(limits_set_sessions(control, 1, "test"));
    limits_set_rate(control, THROTTLE_SESSIONS, 5, "test");
    cr_assert(reload_with("maxconn = 3\n"));
    cr_expect_eq(facts_read(control).maxconn, 1);
    cr_expect_eq(limits_rate(control, THROTTLE_SESSIONS), 5);
    cr_expect_eq(limits_rate(control, THROTTLE_CONNECTIONS), 0);
}
