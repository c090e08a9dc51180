#include "admin/weight.h"

#include <criterion/criterion.h>

Test(weight, is_a_number_or_a_share_of_the_initial_one)
{
    static const struct {
        const char *text;
        unsigned initial, weight;
    } cases[] = {
        { "0", 10, 0 },     { "1", 10, 1 },       { "256", 10, 256 },
        { "0%", 10, 0 },    { "50%", 10, 5 },     { "100%", 10, 10 },
        { "200%", 10, 20 }, { "300%", 100, 256 }, { "99999999999%", 1, 256 },
        { "50%", 1, 1 },    { "0%", 1, 0 },       { "50%", 0, 0 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned weight = 999;

        cr_expect_null(weight_read(cases[i].text, cases[i].initial, &weight), "%s",
                       cases[i].text);
        cr_expect_eq(weight, cases[i].weight, "%s", cases[i].text);
    }
}

Test(weight, is_refused_in_the_words_of_the_dialect)
{
    static const struct {
        const char *text, *refusal;
    } cases[] = {
        { "", "Require <weight> or <weight%>." },
        { "x", "Empty weight string empty or preceded by garbage" },
        { "%", "Empty weight string empty or preceded by garbage" },
        { "-1%", "Relative weight must be positive." },
        { "-1", "Absolute weight can only be between 0 and 256 inclusive." },
        { "257", "Absolute weight can only be between 0 and 256 inclusive." },
        { "10x", "Trailing garbage in weight string" },
        { "10%x", "Trailing garbage in weight string" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned weight;

        cr_expect_str_eq(weight_read(cases[i].text, 10, &weight), cases[i].refusal);
    }
}
