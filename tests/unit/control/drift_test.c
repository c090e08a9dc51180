#include "control/drift.h"

#include "backend/backend.h"
#include "control/access.h"
#include "control/registry.h"
#include "control/steer.h"
#include "controls.h"

#include <string.h>

static struct buffer out;

static void tear_down(void)
{
    buffer_deinit(&out);
    drop_control();
}

TestSuite(drift, .timeout = 20, .fini = tear_down);

static struct server *server(void)
{
    return registry_find_backend(control_registry(control), "app")->servers[0];
}

static void expect_drift(const char *lines)
{
    buffer_clear(&out);
    drift_write(control, &out);
    cr_expect_str_eq(buffer_text(&out), lines, "%s", buffer_text(&out));
}

Test(drift, is_nothing_when_all_is_as_the_file_says)
{
    make_control("allow = 10.0.0.0/8\n");
    expect_drift("");
}

Test(drift, has_a_line_for_what_an_administrator_set)
{
    make_control("");
    steer_will(control, server(), WILL_DRAIN, "test");
    steer_weight(control, server(), 5, "test");
    expect_drift("server app/a: state ready -> drain\nserver app/a: weight 1 -> 5\n");
    steer_will(control, server(), WILL_MAINT, "test");
    steer_weight(control, server(), 1, "test");
    expect_drift("server app/a: state ready -> maint\n");
    steer_will(control, server(), 0, "test");
    expect_drift("");
}

static void change_list(const char *(*change_by)(struct control *,
                                                 const struct access_change *),
                        enum access_list list, const char *network)
{
    struct access_change change = { .frontend = "web", .list = list, .by = "test" };

    cr_assert_null(network_parse(network, &change.network));
    cr_assert_null(change_by(control, &change));
}

Test(drift, has_a_line_for_each_network_that_came_or_went)
{
    make_control("allow = 10.0.0.0/8\nallow = 192.0.2.0/24\n");
    change_list(access_add, ACCESS_ALLOW, "2001:db8::/32");
    change_list(access_remove, ACCESS_ALLOW, "10.0.0.0/8");
    change_list(access_add, ACCESS_DENY, "192.0.2.1");
    expect_drift("frontend web: allow 10.0.0.0/8 removed\n"
                 "frontend web: allow 2001:db8::/32 added\n"
                 "frontend web: deny 192.0.2.1 added\n");
    change_list(access_add, ACCESS_ALLOW, "10.0.0.0/8");
    change_list(access_remove, ACCESS_ALLOW, "2001:db8::/32");
    change_list(access_remove, ACCESS_DENY, "192.0.2.1");
    expect_drift("");
}

Test(drift, outlives_a_reload_that_does_not_touch_it)
{
    make_control("");
    steer_will(control, server(), WILL_DRAIN, "test");
    cr_assert(reload_with(""));
    expect_drift("server app/a: state ready -> drain\n");
}

Test(drift, is_told_by_a_reload)
{
    struct buffer report = { 0 };

    make_control("allow = 10.0.0.0/8\n");
    steer_will(control, server(), WILL_DRAIN, "test");
    change_list(access_add, ACCESS_ALLOW, "192.0.2.1");
    write_config("allow = 10.1.0.0/16\n");
    cr_assert(control_reload(control, &report));
    cr_expect(strstr(buffer_text(&report), "applied: generation 2\n"));
    cr_expect(strstr(buffer_text(&report), "dropped: frontend web: allow 192.0.2.1 "),
              "%s", buffer_text(&report));
    cr_expect(strstr(buffer_text(&report), "kept: server app/a: state ready -> drain\n"),
              "%s", buffer_text(&report));
    buffer_deinit(&report);
}

Test(drift, has_a_fate_line_by_line)
{
    static const struct {
        const char *before, *after, *fate;
    } cases[] = {
        { "", "", "" },
        { "a\n", "", "dropped: a\n" },
        { "", "a\n", "" },
        { "a\nb\nc\n", "a\nc\n", "kept: a\ndropped: b\nkept: c\n" },
        { "a\nb\n", "b\na\n", "kept: a\nkept: b\n" },
        { "a\nab\n", "ab\n", "dropped: a\nkept: ab\n" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer_clear(&out);
        drift_write_fate(cases[i].before, cases[i].after, &out);
        cr_expect_str_eq(buffer_text(&out), cases[i].fate, "%s", buffer_text(&out));
    }
}

Test(drift, is_saved_nowhere_unless_there_is_a_file_for_it)
{
    make_control("");
    cr_expect(strstr(drift_save(control), "set state-file in [global]"));
}
