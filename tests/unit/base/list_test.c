#include "base/list.h"

#include <criterion/criterion.h>

struct item {
    int number;
    struct link link;
};

static struct link head;
static struct item items[3] = { { .number = 1 }, { .number = 2 }, { .number = 3 } };

static void fill(void)
{
    list_init(&head);
    for (int i = 0; i < 3; i++)
        list_append(&head, &items[i].link);
}

/* The numbers read as one: 123. */
static int reading(void)
{
    int read = 0;

    list_each(link, &head)
        read = read * 10 + list_object(link, struct item, link)->number;
    return read;
}

TestSuite(list, .init = fill);

Test(list, is_empty_at_first)
{
    list_init(&head);

    cr_expect(list_is_empty(&head));
    cr_expect_eq(reading(), 0);
}

Test(list, keeps_the_order_of_appending)
{
    cr_expect_not(list_is_empty(&head));
    cr_expect_eq(reading(), 123);
}

Test(list, closes_the_gap_of_a_removed_link)
{
    static const struct {
        int removed, left;
    } cases[] = { { 0, 23 }, { 1, 13 }, { 2, 12 } };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fill();
        list_remove(&items[cases[i].removed].link);
        cr_expect_eq(reading(), cases[i].left);
    }
}

Test(list, survives_a_second_removal_of_the_same_link)
{
    list_remove(&items[1].link);
    list_remove(&items[1].link);

    cr_expect_eq(reading(), 13);
}

Test(list, may_lose_the_link_being_visited)
{
    list_each(link, &head)
        list_remove(link);

    cr_expect(list_is_empty(&head));
}

Test(list, takes_a_removed_link_again)
{
    list_remove(&items[0].link);
    list_append(&head, &items[0].link);

    cr_expect_eq(reading(), 231);
}
