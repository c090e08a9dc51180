#include "admin/stat_row.h"

#include "admin/figure.h"
#include "base/buffer.h"

#include <criterion/criterion.h>
#include <string.h>

enum { COLUMNS = 114 };

static struct buffer out;

static void tear_down(void)
{
    buffer_deinit(&out);
}

TestSuite(stat_row, .fini = tear_down);

static size_t count_commas(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += *text == ',';
    return count;
}

/* The field of that number, from 0. */
static const char *field(size_t number)
{
    static char copy[256];
    const char *text = buffer_text(&out);

    while (number--)
        text = strchr(text, ',') + 1;
    (void)memccpy(copy, text, ',', sizeof copy - 1);
    copy[strcspn(text, ",")] = '\0';
    return copy;
}

static const char *write_row(const struct stat_row *row)
{
    buffer_clear(&out);
    stat_row_write(row, &out);
    return buffer_text(&out);
}

Test(stat_row, has_a_heading_of_words_and_a_trailing_comma)
{
    stat_row_write_header(&out);

    cr_expect_eq(count_commas(buffer_text(&out)), COLUMNS);
    cr_expect(
        strstr(buffer_text(&out),
               ",agg_check_status,-,ssl_sess,ssl_reused_sess,ssl_failed_handshake,tier,"
               "serving,degraded,agent_age,times_closed,ejections,mass_failures,\n"));
    cr_expect_str_eq(field(0), "# pxname");
    cr_expect_str_eq(field(17), "status");
    cr_expect_str_eq(field(33), "rate");
    cr_expect_str_eq(field(49), "cli_abrt");
    cr_expect_str_eq(field(55), "lastsess");
    cr_expect_str_eq(field(69), "check_health");
    cr_expect_str_eq(field(76), "algo");
    cr_expect_str_eq(field(89), "src_ilim");
    cr_expect_str_eq(field(99), "uweight");
    cr_expect_str_eq(field(102), "agg_check_status");
}

Test(stat_row, has_as_many_fields_in_each_kind_of_row)
{
    static const enum stat_kind kinds[] = { STAT_FRONTEND, STAT_BACKEND, STAT_SERVER };

    for (size_t i = 0; i < 3; i++) {
        struct stat_row row = { .kind = kinds[i] };
        const char *text = write_row(&row);

        cr_expect_eq(count_commas(text), COLUMNS);
        cr_expect_str_eq(text + strlen(text) - 2, ",\n");
    }
}

Test(stat_row, leaves_empty_what_a_row_has_not)
{
    struct stat_row row = { .kind = STAT_SERVER,
                            .proxy = "app",
                            .name = "a",
                            .sessions_limit = STAT_ABSENT,
                            .last_session_s = -1,
                            .tracked = "main/b",
                            .check_code = 200,
                            .bytes_in = 12345678901 };

    (void)write_row(&row);
    cr_expect_str_eq(field(0), "app");
    cr_expect_str_eq(field(6), "");
    cr_expect_str_eq(field(8), "12345678901");
    cr_expect_str_eq(field(12), "");
    cr_expect_str_eq(field(31), "main/b");
    cr_expect_str_eq(field(36), "");
    cr_expect_str_eq(field(37), "200");
    cr_expect_str_eq(field(55), "-1");
    cr_expect_str_eq(field(75), "tcp");

    row.kind = STAT_FRONTEND;
    (void)write_row(&row);
    cr_expect_str_eq(field(2), "");
    cr_expect_str_eq(field(12), "0");
    cr_expect_str_eq(field(55), "");
}

Test(stat_row, quotes_only_what_needs_it)
{
    struct stat_row row = { .kind = STAT_SERVER, .last_check = "plain" };

    cr_expect(strstr(write_row(&row), ",plain,"));
    row.last_check = "a, \"b\"";
    cr_expect(strstr(write_row(&row), ",\"a, \"\"b\"\"\","));
}

/* The name of the figure at that position; "" for none. */
static const char *name_at(const struct stat_row *row, unsigned position)
{
    struct figure figure;
    size_t index = 0;

    while (stat_row_next(row, &index, &figure))
        if (figure.position == position)
            return figure.name;
    return "";
}

Test(stat_row, has_its_figures_at_the_positions_of_the_dialect)
{
    struct stat_row row = { .kind = STAT_SERVER, .proxy = "app", .status = "UP" };

    cr_expect_str_eq(name_at(&row, 0), "pxname");
    cr_expect_str_eq(name_at(&row, 4), "scur");
    cr_expect_str_eq(name_at(&row, 17), "status");
    cr_expect_str_eq(name_at(&row, 99), "uweight");
    row.kind = STAT_FRONTEND;
    cr_expect_str_eq(name_at(&row, 79), "conn_tot");
    cr_expect_str_eq(name_at(&row, 103), "ssl_sess", "the column '-' takes no position");
    cr_expect_str_eq(name_at(&row, 2), "", "a frontend has no queue");
}

Test(stat_row, has_a_kind_and_a_meaning_for_each_figure)
{
    static const enum stat_kind kinds[] = { STAT_FRONTEND, STAT_BACKEND, STAT_SERVER };

    for (size_t i = 0; i < 3; i++) {
        struct stat_row row = { .kind = kinds[i] };
        struct figure figure;
        size_t index = 0;

        while (stat_row_next(&row, &index, &figure)) {
            cr_expect_eq(strlen(figure.kind), 7, "%s", figure.name);
            cr_expect_eq(figure.kind[3], ':', "%s", figure.name);
            cr_expect(*figure.help, "%s", figure.name);
        }
    }
}
