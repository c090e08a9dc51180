#include "usherctl/survey.h"

#include "sights.h"

#include <criterion/criterion.h>

Test(survey, has_the_figures_of_the_process)
{
    struct survey *survey = sights_make(SIGHTS_STAT, 5);

    cr_expect_eq(survey->at_ms, 5);
    cr_expect_str_eq(survey->version, "1.2");
    cr_expect_str_eq(survey->node, "host");
    cr_expect_eq(survey->uptime_s, 7384);
    cr_expect_eq(survey->sessions, 12);
    cr_expect_eq(survey->sessions_most, 4000);
    cr_expect_eq(survey->session_rate, 3);
    cr_expect_eq(survey->generation, 4);
    survey_destroy(survey);
}

Test(survey, has_each_backend_before_its_servers)
{
    static const char *const keys[] = { "web",   "app", "app/a", "app/b",
                                        "app/c", "db",  "db/m" };
    struct survey *survey = sights_make(SIGHTS_STAT, 5);

    cr_assert_eq(survey->count, SIGHTS_ROWS);
    for (size_t i = 0; i < SIGHTS_ROWS; i++) {
        cr_expect_str_eq(survey_key(&survey->rows[i]).chars, keys[i]);
        cr_expect_eq(survey->rows[i].place, i);
    }
    cr_expect_eq(survey->rows[0].kind, SURVEY_FRONTEND);
    cr_expect_eq(survey->rows[1].kind, SURVEY_BACKEND);
    cr_expect_eq(survey->rows[2].kind, SURVEY_SERVER);
    survey_destroy(survey);
}

Test(survey, reads_rows)
{
    struct survey *survey = sights_make(SIGHTS_STAT, 5);
    const struct survey_row *row = &survey->rows[3];

    cr_expect_str_eq(row->status, "DOWN");
    cr_expect_str_eq(row->check, "L4CON");
    cr_expect_str_eq(row->last_check, "Connection refused");
    cr_expect_str_eq(row->address, "127.0.0.1:2");
    cr_expect_eq(row->limit, -1);
    cr_expect_eq(row->bytes_out, 200);
    cr_expect_eq(row->changed_s, 5);
    cr_expect_eq(survey->rows[1].queued, 1);
    cr_expect_eq(survey->rows[2].limit, 10);
    survey_destroy(survey);
}

Test(survey, has_no_rows_when_it_was_refused)
{
    struct survey *survey = survey_read("", "Permission denied\n", 5);

    cr_expect_eq(survey->count, 0);
    cr_expect_eq(survey->sessions, -1);
    cr_expect_str_eq(survey->version, "");
    survey_destroy(survey);
}

Test(survey, finds_a_row_of_another_survey)
{
    struct survey *one = sights_make(SIGHTS_STAT, 5);
    struct survey *other = sights_make(SIGHTS_NAMES "app,b,UP,\napp,BACKEND,UP,\n", 9);

    cr_expect_eq(survey_find(other, &one->rows[3], 3), &other->rows[1]);
    cr_expect_eq(survey_find(other, &one->rows[1], 1), &other->rows[0]);
    cr_expect_null(survey_find(other, &one->rows[2], 0));
    survey_destroy(one);
    survey_destroy(other);
}
