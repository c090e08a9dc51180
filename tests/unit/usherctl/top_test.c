#include "usherctl/top.h"

#include "sights.h"

#include <criterion/criterion.h>
#include <string.h>

static struct survey *survey;
static struct top top;
static char bottom[256];

static void set_up(void)
{
    survey = sights_make(SIGHTS_STAT, 5);
    top_init(&top, ARRANGE_AS_SERVED, "");
    top_resize(&top, 3);
    top_show(&top, survey);
}

static void tear_down(void)
{
    top_deinit(&top);
    survey_destroy(survey);
}

TestSuite(top, .init = set_up, .fini = tear_down);

static enum top_request type(const char *keys)
{
    enum top_request request = TOP_NOTHING;

    for (; *keys; keys++)
        request = top_press(&top, *keys == '\n' ? TOP_ENTER : *keys);
    return request;
}

static const char *chosen(void)
{
    static struct survey_key key;

    key = survey_key(top.rows[top.selected]);
    return key.chars;
}

Test(top, moves_and_scrolls)
{
    cr_expect_eq(top.selected, 0);
    (void)type("k");
    cr_expect_eq(top.selected, 0);
    (void)type("jjj");
    cr_expect_eq(top.selected, 3);
    cr_expect_eq(top.first, 1);
    (void)top_press(&top, TOP_UP);
    cr_expect_eq(top.selected, 2);
    cr_expect_eq(top.first, 1);
    (void)type("G");
    cr_expect_eq(top.selected, SIGHTS_ROWS - 1);
    cr_expect_eq(top.first, SIGHTS_ROWS - 3);
    (void)type("j");
    cr_expect_eq(top.selected, SIGHTS_ROWS - 1);
    (void)top_press(&top, TOP_PAGE_UP);
    cr_expect_eq(top.selected, SIGHTS_ROWS - 4);
    (void)type("g");
    cr_expect_eq(top.first, 0);
    (void)top_press(&top, TOP_PAGE_DOWN);
    cr_expect_eq(top.selected, 3);
    top_resize(&top, SIGHTS_ROWS + 5);
    cr_expect_eq(top.first, 0);
}

Test(top, keeps_what_is_chosen)
{
    (void)type("jjjj");
    cr_expect_str_eq(chosen(), "app/c");
    (void)type("s");
    cr_expect_eq(top.order, ARRANGE_BY_NAME);
    cr_expect_str_eq(chosen(), "app/c");
    cr_expect_eq(top.selected, 2);
    survey_destroy(survey);
    survey = sights_make(SIGHTS_NAMES "app,c,UP,\napp,z,UP,\n", 6);
    top_show(&top, survey);
    cr_expect_eq(top.selected, 0);
    cr_expect_str_eq(chosen(), "app/c");
}

Test(top, says_what_shall_become_of_a_server)
{
    cr_expect_eq(type("jj"), TOP_NOTHING);
    cr_expect_eq(type("d"), TOP_SAY);
    cr_expect_str_eq(top.command, "set server app/a state drain");
    cr_expect_eq(type("r"), TOP_SAY);
    cr_expect_str_eq(top.command, "set server app/a state ready");
}

Test(top, asks_before_maintenance)
{
    cr_expect_eq(type("jjm"), TOP_NOTHING);
    top_write_bottom(&top, bottom, sizeof bottom);
    cr_expect(strstr(bottom, "app/a state maint"));
    cr_expect(strstr(bottom, "y or n?"));
    cr_expect_eq(type("n"), TOP_NOTHING);
    cr_expect_eq(type("y"), TOP_NOTHING, "nothing is asked any more");
    cr_expect_eq(type("my"), TOP_SAY);
    cr_expect_str_eq(top.command, "set server app/a state maint");
}

Test(top, changes_servers_only)
{
    cr_expect_eq(type("jd"), TOP_NOTHING);
    top_write_bottom(&top, bottom, sizeof bottom);
    cr_expect(strstr(bottom, "choose a server"));
    cr_expect_eq(type("my"), TOP_NOTHING);
    (void)type("/nothing\n");
    cr_expect_eq(top.count, 0);
    cr_expect_eq(type("jkdr"), TOP_NOTHING);
}

Test(top, filters_while_one_types)
{
    (void)type("/dr");
    cr_expect_eq(top.count, 1);
    cr_expect_str_eq(chosen(), "app/c");
    (void)type("q");
    cr_expect_eq(top.count, 0, "q is a letter here");
    (void)top_press(&top, TOP_BACKSPACE);
    cr_expect_eq(top.count, 1);
    (void)type("\n");
    cr_expect_eq(top.mode, TOP_TABLE);
    cr_expect_str_eq(top.filter, "dr");
    (void)type("/");
    (void)top_press(&top, TOP_ESCAPE);
    cr_expect_eq(top.count, SIGHTS_ROWS);
    for (int i = 0; i < 200; i++)
        (void)type("/x");
    cr_expect_eq(strlen(top.filter), sizeof top.filter - 1);
}

Test(top, has_help_and_an_end)
{
    cr_expect_eq(type("h"), TOP_NOTHING);
    cr_expect_eq(top.mode, TOP_HELP);
    cr_expect_eq(type("d"), TOP_NOTHING);
    cr_expect_eq(top.mode, TOP_TABLE);
    cr_expect_eq(type("q"), TOP_QUIT);
}

Test(top, has_nothing_to_show_at_first)
{
    struct top early;

    top_init(&early, ARRANGE_BY_STATE, "x");
    for (const char *key = "jkdmGgs /\n"; *key; key++)
        cr_expect_eq(top_press(&early, *key == '\n' ? TOP_ENTER : *key), TOP_NOTHING);
    cr_expect_eq(early.count, 0);
    top_deinit(&early);
}

Test(top, tells_of_all_its_keys)
{
    const struct top_binding *binding;
    size_t count = 0;

    while ((binding = top_binding(count))) {
        cr_expect(*binding->label && *binding->help);
        count++;
    }
    cr_expect_geq(count, 13);
}
