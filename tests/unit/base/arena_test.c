#include "base/arena.h"

#include <criterion/criterion.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static struct arena *arena;

static void set_up(void)
{
    arena = arena_create();
}

static void tear_down(void)
{
    arena_destroy(arena);
}

TestSuite(arena, .init = set_up, .fini = tear_down);

Test(arena, gives_zeroed_memory)
{
    static const char zero[500];

    for (int i = 0; i < 200; i++) {
        char *bytes = arena_new(arena, sizeof zero);

        cr_assert(!memcmp(bytes, zero, sizeof zero));
        memset(bytes, 'x', sizeof zero);
    }
}

Test(arena, aligns_for_any_type)
{
    static const size_t sizes[] = { 1, 3, 8, 0, 17, 30000, 2 };

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        cr_expect_eq((uintptr_t)arena_new(arena, sizes[i]) % _Alignof(max_align_t), 0);
}

Test(arena, gives_different_things_even_for_no_size)
{
    cr_expect_neq(arena_new(arena, 0), arena_new(arena, 0));
}

Test(arena, holds_things_larger_than_its_pieces)
{
    char *small = arena_copy(arena, "small", 5);
    char *large = arena_new(arena, 1000000);

    memset(large, 'x', 1000000);

    cr_expect_str_eq(small, "small");
}

Test(arena, copies_a_part_of_a_text)
{
    cr_expect_str_eq(arena_copy(arena, "usher.ini", 5), "usher");
    cr_expect_str_eq(arena_copy(arena, NULL, 0), "");
}

Test(arena, formats_a_text_of_any_length)
{
    char *text = arena_format(arena, "%s %d %0500d", "web", 7, 1);

    cr_expect_eq(strlen(text), 506);
    cr_expect(!strncmp(text, "web 7 000", 9));
}

Test(arena, keeps_earlier_texts_while_growing)
{
    char *texts[1000];

    for (int i = 0; i < 1000; i++)
        texts[i] = arena_format(arena, "server %d of many", i);
    for (int i = 0; i < 1000; i++) {
        char expected[40];

        (void)snprintf(expected, sizeof expected, "server %d of many", i);
        cr_assert_str_eq(texts[i], expected);
    }
}

Test(arena, may_be_destroyed_before_it_was_created)
{
    arena_destroy(NULL);
}
