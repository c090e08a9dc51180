#include "usherctl/grid.h"

#include <criterion/criterion.h>

static struct grid *grid;
static struct buffer out;

static void set_up(void)
{
    grid = grid_create();
    grid_add_column(grid, "NAME", false, false);
    grid_add_column(grid, "N", true, false);
    grid_add_column(grid, "EMPTY", false, false);
    grid_add_column(grid, "WHY", false, false);
    grid_add(grid, TONE_PLAIN, "a");
    grid_add(grid, TONE_GOOD, "1");
    grid_add(grid, TONE_PLAIN, "");
    grid_add(grid, TONE_BAD, "because");
    grid_add(grid, TONE_PLAIN, "longer");
    grid_add(grid, TONE_GOOD, "1000");
    grid_add(grid, TONE_PLAIN, "");
    grid_add(grid, TONE_PLAIN, "");
}

static void tear_down(void)
{
    grid_destroy(grid);
    buffer_deinit(&out);
}

TestSuite(grid, .init = set_up, .fini = tear_down);

static const char *write(bool has_colours, size_t width_most)
{
    buffer_clear(&out);
    grid_write(grid, &(struct grid_style){ has_colours, width_most }, &out);
    return buffer_text(&out);
}

Test(grid, aligns_columns_and_leaves_out_empty_ones)
{
    cr_expect_str_eq(write(false, 0), "NAME       N  WHY\n"
                                      "a          1  because\n"
                                      "longer  1000\n");
}

Test(grid, keeps_an_empty_column_that_is_to_be_kept)
{
    struct grid *other = grid_create();

    grid_add_column(other, "A", false, true);
    grid_add_column(other, "B", false, false);
    grid_add(other, TONE_PLAIN, "");
    grid_add(other, TONE_PLAIN, "b");
    grid_write(other, &(struct grid_style){ false, 0 }, &out);
    cr_expect_str_eq(buffer_text(&out), "A  B\n   b\n");
    grid_destroy(other);
}

Test(grid, cuts_lines_at_the_edge)
{
    cr_expect_str_eq(write(false, 17), "NAME       N  WHY\n"
                                       "a          1  bec\n"
                                       "longer  1000\n");
    cr_expect_str_eq(write(false, 3), "NAM\na\nlon\n");
}

Test(grid, paints_only_what_has_a_tone)
{
    cr_expect_str_eq(write(true, 0),
                     "\033[2mNAME\033[0m       \033[2mN\033[0m  \033[2mWHY\033[0m\n"
                     "a          \033[32m1\033[0m  \033[1;31mbecause\033[0m\n"
                     "longer  \033[32m1000\033[0m\n");
}

Test(grid, tells_of_its_cells)
{
    cr_expect_eq(grid_rows(grid), 2);
    cr_expect_eq(grid_columns(grid), 4);
    cr_expect_str_eq(grid_at(grid, 0, 3).text, "because");
    cr_expect_eq(grid_at(grid, 0, 3).tone, TONE_BAD);
    cr_expect_eq(grid_column(grid, 0)->width, 6);
    cr_expect_eq(grid_column(grid, 2)->width, 0);
}
