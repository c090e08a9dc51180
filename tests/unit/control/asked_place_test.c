#include "control/asked_place.h"

#include "control/steer_place.h"

#include <criterion/criterion.h>

static struct asked_place *place;
static struct address address;

static void set_up(void)
{
    struct address_parts parts;

    cr_assert_null(address_parse("127.0.0.7:0", &parts));
    address = parts.address;
}

static void tear_down(void)
{
    asked_place_destroy(place);
}

TestSuite(asked_place, .timeout = 20, .init = set_up, .fini = tear_down);

static struct asked ask(uint64_t port, const char *send)
{
    struct asked asked = { .port = port, .send = send };

    asked_place_overlay(&place, &asked);
    return asked;
}

Test(asked_place, that_nobody_set_is_the_file_s)
{
    cr_expect_eq(ask(5, NULL).port, 5);
    cr_expect_null(place);
}

Test(asked_place, is_put_over_what_the_file_says_part_by_part)
{
    struct asked asked;

    asked_place_set(&place, &(struct asked_wish){ .has_port = true, .port = 9 });
    cr_expect_eq(ask(5, "hi").port, 9);
    cr_expect_str_eq(ask(5, "hi").send, "hi");
    cr_expect_null(ask(5, "hi").address.text);
    asked_place_set(&place, &(struct asked_wish){ .address = &address, .send = "ho" });
    cr_expect_eq(ask(5, "hi").port, 9);
    cr_expect_str_eq(ask(5, "hi").send, "ho");
    asked = ask(5, "hi");
    cr_expect(asked.address.text);
    cr_expect(address_is_equal(&address, &asked.address.address));
}

Test(asked_place, may_be_the_server_s_own_port)
{
    asked_place_set(&place, &(struct asked_wish){ .has_port = true, .port = 0 });
    cr_expect_eq(ask(5, NULL).port, 0);
}

Test(asked_place, yields_to_a_change_in_the_file)
{
    asked_place_set(&place, &(struct asked_wish){ .has_port = true, .port = 9 });
    cr_expect_eq(ask(5, NULL).port, 9);
    cr_expect_eq(ask(5, NULL).port, 9);
    cr_expect_eq(ask(6, NULL).port, 6);
    cr_expect_null(place);
    cr_expect_eq(ask(5, NULL).port, 5);
}
