#include "usherctl/overview.h"

#include "sights.h"
#include "usherctl/overview_json.h"

#include <criterion/criterion.h>
#include <string.h>

enum { NOW = 1795358983 };

static const struct survey_row *rows[SIGHTS_ROWS];
static struct overview overview;
static struct survey *survey;
static struct reasons *reasons;
static struct buffer out;

static void set_up(void)
{
    struct buffer questions = { 0 };

    survey = sights_make(SIGHTS_STAT, 5);
    reasons = reasons_create();
    reasons_follow(reasons, survey);
    (void)reasons_ask(reasons, &questions);
    buffer_deinit(&questions);
    reasons_hear(reasons, 1, "2026-11-22T14:49:42.000Z up down probe 7 say \"no\"");
    reasons_hear(reasons, 2,
                 "2026-11-22T14:48:43.000Z ready drain administrator 0 "
                 "uid=0 pid=9");
    overview = (struct overview){
        .unix_s = NOW, .survey = survey, .reasons = reasons, .rows = rows
    };
    overview.count = arrange(survey, &(struct arrange_wish){ .filter = "" }, rows);
}

static void tear_down(void)
{
    reasons_destroy(reasons);
    survey_destroy(survey);
    buffer_deinit(&out);
}

TestSuite(overview, .init = set_up, .fini = tear_down);

static const char *write_table(enum overview_kind kind)
{
    struct grid *grid;

    overview.kind = kind;
    grid = overview_grid(&overview);
    buffer_clear(&out);
    grid_write(grid, &(struct grid_style){ false, 0 }, &out);
    grid_destroy(grid);
    return buffer_text(&out);
}

Test(overview, shows_what_was_counted)
{
    cr_expect_str_eq(write_table(OVERVIEW_ONCE),
                     "NAME          STATE   SESSIONS  QUEUE  RATE      IN     OUT  WEIGHT"
                     "  ADDRESS      CHECK  CHANGED  WHY\n"
                     "frontend web  OPEN     12/4000          3/s  1.0 kB  5.0 kB\n"
                     "backend app   UP            12      1   3/s  1.0 kB  5.0 kB       2"
                     "                         1m0s\n"
                     "  app/a       UP          7/10          2/s   700 B  4.0 kB       1"
                     "  127.0.0.1:1  L4OK      1m0s\n"
                     "  app/b       DOWN           0          0/s   100 B   200 B       2"
                     "  127.0.0.1:2  L4CON       1s  down: say \"no\"\n"
                     "  app/c       DRAIN          5          1/s   200 B   800 B       1"
                     "  10.0.0.3:3   L4OK      1m0s  drain: administrator uid=0 pid=9\n"
                     "backend db    UP             2          0/s     1 B     2 B       1"
                     "                        10m0s\n"
                     "  db/m        UP 1/3         2          0/s     1 B     2 B       1"
                     "  10.0.0.9:9   L4OK     10m0s\n");
}

Test(overview, shows_rates_in_a_live_table)
{
    survey->rows[2].in_rate = 1500;
    cr_expect(strstr(write_table(OVERVIEW_LIVE), "1.5 kB/s"));
    cr_expect_null(strstr(buffer_text(&out), "ADDRESS"));
    cr_expect_null(strstr(buffer_text(&out), "700 B"));
}

Test(overview, warns_of_a_full_server_and_of_a_queue)
{
    struct grid *grid = overview_grid(&overview);

    cr_expect_eq(grid_at(grid, 2, 2).tone, TONE_PLAIN);
    grid_destroy(grid);
    survey->rows[2].sessions = 10;
    grid = overview_grid(&overview);
    cr_expect_eq(grid_at(grid, 2, 2).tone, TONE_WARNING);
    cr_expect_eq(grid_at(grid, 1, 3).tone, TONE_WARNING);
    cr_expect_eq(grid_at(grid, 3, 1).tone, TONE_BAD);
    grid_destroy(grid);
}

Test(overview, begins_with_the_process)
{
    overview_write_head(survey, &out);
    cr_expect_str_eq(buffer_text(&out),
                     "usher 1.2 on host  up 2h3m  sessions 12 of 4000, 3/s  "
                     "generation 4");
}

Test(overview, is_one_document_of_json)
{
    overview.rows += 3;
    overview.count = 1;
    overview_json_write(&overview, &out);
    cr_expect_str_eq(
        buffer_text(&out),
        "{\"usher\":{\"version\":\"1.2\",\"node\":\"host\",\"uptime_s\":7384,"
        "\"sessions\":12,\"sessions_limit\":4000,\"rate\":3,\"generation\":4},"
        "\"rows\":[{\"kind\":\"server\",\"name\":\"app/b\",\"backend\":\"app\","
        "\"server\":\"b\",\"state\":\"DOWN\",\"sessions\":0,\"sessions_total\":10,"
        "\"queued\":0,\"rate\":0,\"bytes_in\":100,\"bytes_out\":200,\"weight\":2,"
        "\"address\":\"127.0.0.1:2\",\"check\":\"L4CON\","
        "\"last_check\":\"Connection refused\",\"changed_s\":5,"
        "\"change\":{\"at\":1795358982,\"to\":\"down\",\"who\":\"probe\","
        "\"why\":\"say \\\"no\\\"\"}}]}\n");
}
