#include "admin/emptying.h"

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

TestSuite(emptying, .timeout = 20, .init = set_up, .fini = tear_down);

Test(emptying, of_an_empty_server_is_over_at_once)
{
    cr_expect_str_eq(ask("drain app/a timeout 10s then kill wait"),
                     "[6]: app/a: drained\n\n");
    cr_expect(strstr(ask("diff"), "server app/a: state ready -> drain\n"));
}

Test(emptying, of_a_backend_is_that_of_all_its_servers)
{
    cr_expect_str_eq(ask("drain app wait"), "[6]: app: drained\n\n");
    cr_expect(strstr(ask("diff"), "server app/a: state ready -> drain\n"));
    cr_expect_str_eq(ask("ready app"), "\n");
    cr_expect(strstr(ask("diff"), "All is as"));
}

Test(emptying, takes_its_options_in_any_order)
{
    static const char *const wishes[] = {
        "drain app/a",
        "drain app/a wait",
        "drain app/a then kill",
        "drain app/a wait then kill timeout 1s",
        "drain app/#1 timeout 500ms",
    };

    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++)
        cr_expect(strstr(ask(wishes[i]), ": drained\n"), "%s: %s", wishes[i],
                  ask(wishes[i]));
}

Test(emptying, says_what_it_does_not_understand)
{
    static const char usage[] = "[3]: usage: drain <backend>[/<server>] [timeout "
                                "<duration>] [then kill] [wait]\n\n";
    static const struct {
        const char *said, *answer;
    } cases[] = {
        { "drain", usage },
        { "drain app/a now", usage },
        { "drain app/a then", usage },
        { "drain app/a then wait", usage },
        { "drain app/a timeout", usage },
        { "drain app/a timeout soon", usage },
        { "drain nobody", "[3]: No such backend.\n\n" },
        { "drain nobody/a", "[3]: No such backend.\n\n" },
        { "drain app/x", "[3]: No such server.\n\n" },
        { "drain app/", "[3]: Require 'backend/server'.\n\n" },
        { "ready app/x", "[3]: No such server.\n\n" },
        { "ready", "[3]: usage: ready <backend>[/<server>]\n\n" },
        { "ready app/a now", "[3]: usage: ready <backend>[/<server>]\n\n" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(ask(cases[i].said), cases[i].answer, "%s: %s", cases[i].said,
                         ask(cases[i].said));
    cr_expect(strstr(ask("diff"), "All is as"));
}

Test(emptying, is_not_for_everybody)
{
    be(ADMIN_LEVEL_OPERATOR);
    cr_expect_str_eq(ask("drain app/a"), "[3]: Permission denied\n\n");
    cr_expect_str_eq(ask("ready app/a"), "[3]: Permission denied\n\n");
}
