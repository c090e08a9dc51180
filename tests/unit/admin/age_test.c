#include "admin/age.h"

#include <criterion/criterion.h>

static const uint64_t second = 1000, minute = 60000, hour = 3600000, day = 86400000;

Test(age, has_its_two_largest_units)
{
    cr_expect_str_eq(age_text(0).chars, "0s");
    cr_expect_str_eq(age_text(4 * second + 999).chars, "4s");
    cr_expect_str_eq(age_text(59 * second).chars, "59s");
    cr_expect_str_eq(age_text(minute + 4 * second).chars, "1m4s");
    cr_expect_str_eq(age_text(hour + 2 * minute + 3 * second).chars, "1h2m");
    cr_expect_str_eq(age_text(2 * day + 3 * hour + 4 * minute).chars, "2d3h");
}

Test(age, is_written_in_full_for_the_uptime)
{
    cr_expect_str_eq(age_uptime(4 * second).chars, "0d 0h00m04s");
    cr_expect_str_eq(age_uptime(12 * day + 13 * hour + 4 * minute).chars,
                     "12d 13h04m00s");
}

Test(age, is_a_clock_in_prompts)
{
    cr_expect_str_eq(age_clock(4 * second).chars, "0:00:00:04");
    cr_expect_str_eq(age_clock(day + 23 * hour + 59 * minute).chars, "1:23:59:00");
}
