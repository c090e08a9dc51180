#include "base/buffer.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static struct buffer buffer;

static void tear_down(void)
{
    buffer_deinit(&buffer);
}

TestSuite(buffer, .fini = tear_down);

Test(buffer, is_an_empty_text_at_first)
{
    cr_expect_str_eq(buffer_text(&buffer), "");
    cr_expect_eq(buffer.length, 0);
}

Test(buffer, puts_pieces_one_behind_the_other)
{
    buffer_add_text(&buffer, "show ");
    buffer_add(&buffer, "servers and more", 7);
    buffer_format(&buffer, " %s/%d", "app", 1);

    cr_expect_str_eq(buffer_text(&buffer), "show servers app/1");
    cr_expect_eq(buffer.length, 18);
}

Test(buffer, writes_numbers)
{
    static const int64_t numbers[] = { 0, 7, -1, 1234567890123, INT64_MIN, INT64_MAX };

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char wanted[32];

        (void)snprintf(wanted, sizeof wanted, "%" PRId64, numbers[i]);
        buffer_clear(&buffer);
        buffer_add_number(&buffer, numbers[i]);
        cr_expect_str_eq(buffer_text(&buffer), wanted);
    }
}

Test(buffer, takes_an_empty_piece)
{
    buffer_add(&buffer, NULL, 0);
    buffer_add_text(&buffer, "");
    buffer_format(&buffer, "%s", "");

    cr_expect_str_eq(buffer_text(&buffer), "");
}

Test(buffer, holds_bytes_that_are_no_text)
{
    buffer_add(&buffer, "a\0b", 3);

    cr_assert_eq(buffer.length, 3);
    cr_expect(!memcmp(buffer.bytes, "a\0b", 4));
}

Test(buffer, grows_as_it_must)
{
    for (int i = 0; i < 10000; i++)
        buffer_format(&buffer, "%04d", i);

    cr_expect_eq(buffer.length, 40000);
    cr_expect_eq(strlen(buffer_text(&buffer)), 40000);
    cr_expect_str_eq(buffer_text(&buffer) + 39992, "99989999");
}

Test(buffer, ends_in_nul_at_every_length)
{
    for (size_t length = 1; length < 1000; length++) {
        buffer_add(&buffer, "x", 1);
        cr_assert_eq(strlen(buffer_text(&buffer)), length);
    }
}

Test(buffer, drops_bytes_from_the_front)
{
    buffer_add_text(&buffer, "one two three");

    buffer_consume(&buffer, 0);
    buffer_consume(&buffer, 4);
    cr_expect_str_eq(buffer_text(&buffer), "two three");

    buffer_consume(&buffer, 9);
    cr_expect_str_eq(buffer_text(&buffer), "");
}

Test(buffer, has_nothing_to_drop_when_empty)
{
    buffer_consume(&buffer, 0);

    cr_expect_eq(buffer.length, 0);
}

Test(buffer, does_not_drop_more_than_it_has, .signal = SIGABRT)
{
    buffer_add_text(&buffer, "one");
    buffer_consume(&buffer, 4);
}

Test(buffer, is_empty_after_clearing_and_keeps_its_room)
{
    size_t room;

    buffer_clear(&buffer);
    buffer_add_text(&buffer, "one");
    room = buffer.room;
    buffer_clear(&buffer);

    cr_expect_str_eq(buffer_text(&buffer), "");
    cr_expect_eq(buffer.length, 0);
    cr_expect_eq(buffer.room, room);
}

Test(buffer, can_be_used_again_after_deinit)
{
    buffer_add_text(&buffer, "one");
    buffer_deinit(&buffer);
    cr_expect_str_eq(buffer_text(&buffer), "");

    buffer_add_text(&buffer, "two");
    cr_expect_str_eq(buffer_text(&buffer), "two");
}
