#include "control/access.h"

#include "controls.h"

#include <string.h>

TestSuite(access, .timeout = 20, .fini = drop_control);

static struct access_change change_of(enum access_list list, const char *text)
{
    struct access_change change = { .frontend = "web", .list = list, .by = "test" };

    cr_assert_null(network_parse(text, &change.network));
    return change;
}

static const char *add(enum access_list list, const char *text)
{
    struct access_change change = change_of(list, text);

    return access_add(control, &change);
}

static const char *take_out(enum access_list list, const char *text)
{
    struct access_change change = change_of(list, text);

    return access_remove(control, &change);
}

/* The networks with blanks between; "none" for no list. */
static const char *list_of(enum access_list list)
{
    static char text[512];
    const struct networks *networks = access_networks(control, "web", list);
    size_t length = 0;

    if (!networks)
        return "none";
    *text = '\0';
    for (size_t i = 0; i < networks_count(networks); i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s",
                                   i ? " " : "",
                                   network_text(networks_at(networks, i)).chars);
    return text;
}

Test(access, is_added_to_what_the_file_says)
{
    make_control("allow = 10.0.0.0/8\n");
    cr_expect_null(add(ACCESS_ALLOW, "192.0.2.1"));
    cr_expect_null(add(ACCESS_DENY, "10.1.0.0/16"));
    cr_expect_str_eq(list_of(ACCESS_ALLOW), "10.0.0.0/8 192.0.2.1");
    cr_expect_str_eq(list_of(ACCESS_DENY), "10.1.0.0/16");
}

/* Which shuts out everybody; it stays so until somebody is named, or the file changes. */
Test(access, is_an_empty_list_when_the_last_network_is_removed)
{
    make_control("");
    cr_expect_str_eq(list_of(ACCESS_ALLOW), "none");
    cr_expect_null(add(ACCESS_ALLOW, "192.0.2.1"));
    cr_expect_null(take_out(ACCESS_ALLOW, "192.0.2.1"));
    cr_expect_str_eq(list_of(ACCESS_ALLOW), "");
    cr_assert(reload_with(""));
    cr_expect_str_eq(list_of(ACCESS_ALLOW), "");
    cr_assert(reload_with("allow = ::1\n"));
    cr_expect_str_eq(list_of(ACCESS_ALLOW), "::1");
}

Test(access, is_not_changed_by_what_makes_no_sense)
{
    struct access_change change;

    make_control("deny = 10.0.0.0/8\n");
    cr_expect_str_eq(add(ACCESS_DENY, "10.0.0.0/8"),
                     "This network is in the list already.");
    cr_expect_str_eq(take_out(ACCESS_DENY, "10.0.0.0/9"),
                     "This network is not in the list.");
    cr_expect_str_eq(take_out(ACCESS_ALLOW, "10.0.0.0/8"),
                     "This network is not in the list.");
    change = change_of(ACCESS_DENY, "::1");
    change.frontend = "nobody";
    cr_expect_str_eq(access_add(control, &change), "No such frontend.");
    cr_expect_str_eq(access_remove(control, &change), "No such frontend.");
    cr_expect_null(access_networks(control, "nobody", ACCESS_DENY));
    cr_expect_str_eq(list_of(ACCESS_DENY), "10.0.0.0/8");
}

/* What the file said, what was changed, what it says then, and what is in force. */
static const struct reload {
    const char *before, *add, *remove, *after, *list;
} reloads[] = {
    { "", NULL, NULL, "", "none" },
    { "", "::1", NULL, "", "::1" },
    { "", "::1", NULL, "deny = 10.0.0.0/8\n", "10.0.0.0/8" },
    { "deny = 10.0.0.0/8\n", NULL, NULL, "deny = 10.0.0.0/9\n", "10.0.0.0/9" },
    { "deny = 10.0.0.0/8\n", "::1", NULL, "deny = 10.0.0.0/8\n", "10.0.0.0/8 ::1" },
    { "deny = 10.0.0.0/8\n", NULL, "10.0.0.0/8", "deny = 10.0.0.0/8\n", "" },
    { "deny = 10.0.0.0/8\n", NULL, "10.0.0.0/8", "deny = 10.0.0.0/7\n", "10.0.0.0/7" },
    { "deny = 10.0.0.0/8\n", "::1", NULL, "", "none" },
    { "deny = 10.0.0.0/8\n", "::1", "10.0.0.0/8", "deny = 10.0.0.0/8\nallow = ::2\n",
      "::1" },
};

Test(access, is_kept_over_a_reload_unless_the_file_has_changed)
{
    for (size_t i = 0; i < sizeof reloads / sizeof *reloads; i++) {
        const struct reload *reload = &reloads[i];

        make_control(reload->before);
        if (reload->add)
            cr_assert_null(add(ACCESS_DENY, reload->add));
        if (reload->remove)
            cr_assert_null(take_out(ACCESS_DENY, reload->remove));
        cr_assert(reload_with(reload->after));
        cr_expect_str_eq(list_of(ACCESS_DENY), reload->list, "%zu: %s", i,
                         list_of(ACCESS_DENY));
        cr_assert(reload_with(reload->after));
        cr_expect_str_eq(list_of(ACCESS_DENY), reload->list, "%zu, again: %s", i,
                         list_of(ACCESS_DENY));
        drop_control();
    }
}

Test(access, may_be_changed_after_it_was_carried)
{
    make_control("deny = 10.0.0.0/8\n");
    cr_expect_null(add(ACCESS_DENY, "::1"));
    cr_assert(reload_with("deny = 10.0.0.0/8\n"));
    cr_expect_null(take_out(ACCESS_DENY, "::1"));
    cr_expect_null(add(ACCESS_DENY, "::2"));
    cr_expect_str_eq(list_of(ACCESS_DENY), "10.0.0.0/8 ::2");
}

Test(access, is_kept_when_a_reload_is_refused)
{
    make_control("deny = 10.0.0.0/8\n");
    cr_expect_null(add(ACCESS_DENY, "::1"));
    cr_expect_not(reload_with("deny = nonsense\n"));
    cr_expect_str_eq(list_of(ACCESS_DENY), "10.0.0.0/8 ::1");
}
