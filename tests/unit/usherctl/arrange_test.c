#include "usherctl/arrange.h"

#include "base/buffer.h"
#include "sights.h"
#include "usherctl/tone.h"

#include <criterion/criterion.h>

static struct survey *survey;
static struct buffer shown;

static void set_up(void)
{
    survey = sights_make(SIGHTS_STAT, 5);
}

static void tear_down(void)
{
    survey_destroy(survey);
    buffer_deinit(&shown);
}

TestSuite(arrange, .init = set_up, .fini = tear_down);

static const char *show(enum arrange_order order, const char *filter)
{
    const struct survey_row *rows[SIGHTS_ROWS];
    size_t count = arrange(survey, &(struct arrange_wish){ order, filter }, rows);

    buffer_clear(&shown);
    for (size_t i = 0; i < count; i++)
        buffer_format(&shown, "%s%s", i ? " " : "", survey_key(rows[i]).chars);
    return buffer_text(&shown);
}

Test(arrange, leaves_rows_as_usher_has_them)
{
    cr_expect_str_eq(show(ARRANGE_AS_SERVED, ""), "web app app/a app/b app/c db db/m");
}

Test(arrange, sorts_servers_alone)
{
    cr_expect_str_eq(show(ARRANGE_BY_NAME, ""), "app/a app/b app/c db/m");
    cr_expect_str_eq(show(ARRANGE_BY_STATE, ""), "app/b app/c db/m app/a");
    cr_expect_str_eq(show(ARRANGE_BY_SESSIONS, ""), "app/a app/c db/m app/b");
    cr_expect_str_eq(show(ARRANGE_BY_RATE, ""), "app/a app/c app/b db/m");
    cr_expect_str_eq(show(ARRANGE_BY_BYTES, ""), "app/a app/c app/b db/m");
    cr_expect_str_eq(show(ARRANGE_BY_CHANGE, ""), "app/b app/c app/a db/m");
}

Test(arrange, sorts_by_the_rate_of_bytes_once_it_is_known)
{
    for (size_t i = 0; i < survey->count; i++)
        survey->rows[i].in_rate = survey->rows[i].out_rate = (int64_t)i;
    cr_expect_str_eq(show(ARRANGE_BY_BYTES, ""), "db/m app/c app/b app/a");
}

Test(arrange, filters_by_name_state_and_address)
{
    cr_expect_str_eq(show(ARRANGE_AS_SERVED, "app"), "app app/a app/b app/c");
    cr_expect_str_eq(show(ARRANGE_AS_SERVED, "/B"), "app/b");
    cr_expect_str_eq(show(ARRANGE_AS_SERVED, "drain"), "app/c");
    cr_expect_str_eq(show(ARRANGE_BY_NAME, "10.0.0."), "app/c db/m");
    cr_expect_str_eq(show(ARRANGE_AS_SERVED, "nothing"), "");
}

Test(arrange, knows_its_orders_by_name)
{
    enum arrange_order order;

    for (int i = 0; i < ARRANGE_ORDERS; i++) {
        cr_expect_null(arrange_read(arrange_name((enum arrange_order)i), &order));
        cr_expect_eq((int)order, i);
    }
    cr_expect(arrange_read("size", &order));
}

Test(tone, is_of_the_status)
{
    cr_expect_eq(tone_of_status("UP"), TONE_GOOD);
    cr_expect_eq(tone_of_status("OPEN"), TONE_GOOD);
    cr_expect_eq(tone_of_status("UP 1/3"), TONE_WARNING);
    cr_expect_eq(tone_of_status("DOWN 1/2"), TONE_BAD);
    cr_expect_eq(tone_of_status("MAINT (resolution)"), TONE_WARNING);
    cr_expect_eq(tone_of_status("no check"), TONE_FAINT);
    cr_expect_eq(tone_of_status("anything"), TONE_PLAIN);
}
