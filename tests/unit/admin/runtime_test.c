#include "admin/runtime.h"

#include "asking.h"

static void set_up(void)
{
    be(ADMIN_LEVEL_ADMIN);
    make_control("");
}

static void tear_down(void)
{
    reply_deinit(&reply);
    drop_control();
}

TestSuite(runtime, .timeout = 20, .init = set_up, .fini = tear_down);

Test(runtime, differs_from_the_file_in_nothing_at_first)
{
    cr_expect_str_eq(ask("diff"), "[6]: All is as the configuration says.\n\n");
}

Test(runtime, differs_in_what_was_set)
{
    (void)ask("set weight app/a 7");
    (void)ask("add access web deny 192.0.2.1");
    cr_expect_str_eq(ask("diff"), "frontend web: deny 192.0.2.1 added\n"
                                  "server app/a: weight 1 -> 7\n\n");
    cr_expect_str_eq(ask("diff json"),
                     "[{\"name\":\"frontend web\",\"value\":\"deny 192.0.2.1 added\"},"
                     "{\"name\":\"server app/a\",\"value\":\"weight 1 -> 7\"}]\n\n",
                     "%s", ask("diff json"));
}

Test(runtime, is_not_saved_without_a_place)
{
    cr_expect_str_eq(ask("save"), "[3]: not saved: No state-file is configured: set "
                                  "state-file in [global], then reload.\n\n");
}

Test(runtime, is_not_for_everybody)
{
    be(ADMIN_LEVEL_OPERATOR);
    cr_expect_str_eq(ask("save"), "[3]: Permission denied\n\n");
    cr_expect_str_neq(ask("diff"), "[3]: Permission denied\n\n");
    be(ADMIN_LEVEL_USER);
    cr_expect_str_eq(ask("diff"), "[3]: Permission denied\n\n");
}
