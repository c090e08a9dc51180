#include "admin/permit.h"

#include "asking.h"

static void set_up(void)
{
    be(ADMIN_LEVEL_ADMIN);
    make_control("allow = 10.0.0.0/8\ndeny = 10.1.0.0/16\n");
}

static void tear_down(void)
{
    reply_deinit(&reply);
    drop_control();
}

TestSuite(permit, .timeout = 20, .init = set_up, .fini = tear_down);

static void expect_list(const char *lines)
{
    char wanted[256];

    (void)snprintf(wanted, sizeof wanted, "# frontend list network\n%s\n", lines);
    cr_expect_str_eq(ask("show access"), wanted, "%s", ask("show access"));
}

Test(permit, is_shown_as_the_file_has_it)
{
    expect_list("web allow 10.0.0.0/8\nweb deny 10.1.0.0/16\n");
    cr_expect_str_eq(ask("show access web"), ask("show access"));
    cr_expect_str_eq(ask("show access nobody"), "[3]: No such frontend.\n\n");
}

Test(permit, is_changed_without_a_word)
{
    cr_expect_str_eq(ask("add access web allow 2001:db8::/32"), "\n");
    cr_expect_str_eq(ask("del access web deny 10.1.0.0/16"), "\n");
    expect_list("web allow 10.0.0.0/8\nweb allow 2001:db8::/32\n");
}

Test(permit, is_not_given_by_those_who_may_not)
{
    be(ADMIN_LEVEL_OPERATOR);
    cr_expect_str_eq(ask("add access web allow ::1"), "[3]: Permission denied\n\n");
    cr_expect_str_eq(ask("del access web deny 10.1.0.0/16"),
                     "[3]: Permission denied\n\n");
    expect_list("web allow 10.0.0.0/8\nweb deny 10.1.0.0/16\n");
    be(ADMIN_LEVEL_USER);
    cr_expect_str_eq(ask("show access"), "[3]: Permission denied\n\n");
}

Test(permit, says_what_it_does_not_understand)
{
    static const struct {
        const char *said, *answer;
    } cases[] = {
        { "add access", "[3]: A frontend name is expected.\n\n" },
        { "add access web", "[3]: The list is 'allow' or 'deny'.\n\n" },
        { "add access web ALLOW ::1", "[3]: The list is 'allow' or 'deny'.\n\n" },
        { "add access web deny ::/129",
          "[3]: '::/129': the prefix of an IPv6 network is 0 to 128\n\n" },
        { "add access web deny 10.1.0.0/16",
          "[3]: This network is in the list already.\n\n" },
        { "del access web deny ::1", "[3]: This network is not in the list.\n\n" },
        { "del access we deny ::1", "[3]: No such frontend.\n\n" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(ask(cases[i].said), cases[i].answer, "%s: %s", cases[i].said,
                         ask(cases[i].said));
}

Test(permit, tells_in_its_help_what_an_empty_list_means)
{
    cr_expect(strstr(ask("help access"), "nobody is: allow 0.0.0.0/0"));
}
