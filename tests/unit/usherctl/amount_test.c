#include "usherctl/amount.h"

#include <criterion/criterion.h>

static const struct {
    int64_t amount;
    const char *count, *bytes, *span;
} cases[] = {
    { -1, "", "", "" },
    { 0, "0", "0 B", "0s" },
    { 59, "59", "59 B", "59s" },
    { 200, "200", "200 B", "3m20s" },
    { 999, "999", "999 B", "16m39s" },
    { 1000, "1000", "1.0 kB", "16m40s" },
    { 9940, "9940", "9.9 kB", "2h45m" },
    { 9960, "9960", "10 kB", "2h46m" },
    { 12345, "12.3k", "12 kB", "3h25m" },
    { 999600, "1.0M", "1.0 MB", "11d13h" },
    { 5500000000, "5.5G", "5.5 GB", "63657d9h" },
};

Test(amount, takes_few_columns)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect_str_eq(amount_count(cases[i].amount).chars, cases[i].count);
        cr_expect_str_eq(amount_bytes(cases[i].amount).chars, cases[i].bytes);
        cr_expect_str_eq(amount_span(cases[i].amount).chars, cases[i].span);
    }
}

Test(amount, holds_the_largest_numbers)
{
    cr_expect_str_eq(amount_count(INT64_MAX).chars, "9.2E");
    cr_expect_str_eq(amount_bytes(INT64_MAX).chars, "9.2 EB");
    cr_expect(*amount_span(INT64_MAX).chars);
}
