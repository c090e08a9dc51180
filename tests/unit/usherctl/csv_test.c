#include "usherctl/csv.h"

#include <criterion/criterion.h>

static struct csv csv;

static void tear_down(void)
{
    csv_deinit(&csv);
}

TestSuite(csv, .fini = tear_down);

Test(csv, finds_cells_by_name)
{
    csv = csv_read("# pxname,svname,scur,\nweb,FRONTEND,3,\napp,a,,\n\nlater,x,1,\n");
    cr_assert_eq(csv.width, 3);
    cr_assert_eq(csv.height, 2, "what follows the empty line is not of the table");
    cr_expect_str_eq(csv_cell(&csv, 0, "svname"), "FRONTEND");
    cr_expect_str_eq(csv_cell(&csv, 1, "pxname"), "app");
    cr_expect_str_eq(csv_cell(&csv, 1, "nothing"), "");
    cr_expect_eq(csv_number(&csv, 0, "scur"), 3);
    cr_expect_eq(csv_number(&csv, 1, "scur"), -1);
    cr_expect_eq(csv_number(&csv, 1, "svname"), -1);
}

Test(csv, understands_quotes)
{
    csv = csv_read("# a,b,c,\n\"one, two\",\"say \"\"yes\"\"\",\"\",\n,\"x\"");
    cr_expect_str_eq(csv_cell(&csv, 0, "a"), "one, two");
    cr_expect_str_eq(csv_cell(&csv, 0, "b"), "say \"yes\"");
    cr_expect_str_eq(csv_cell(&csv, 0, "c"), "");
    cr_expect_str_eq(csv_cell(&csv, 1, "a"), "");
    cr_expect_str_eq(csv_cell(&csv, 1, "b"), "x");
}

Test(csv, bears_rows_that_are_too_short_or_too_long)
{
    csv = csv_read("# a,b,\n1\n1,2,3,4,\n\"open");
    cr_assert_eq(csv.height, 3);
    cr_expect_eq(csv_number(&csv, 0, "a"), 1);
    cr_expect_str_eq(csv_cell(&csv, 0, "b"), "");
    cr_expect_eq(csv_number(&csv, 1, "b"), 2);
    cr_expect_str_eq(csv_cell(&csv, 2, "a"), "open");
}

Test(csv, is_empty_without_names)
{
    csv = csv_read("Permission denied\n");
    cr_expect_eq(csv.width, 0);
    cr_expect_eq(csv.height, 0);
}
