#include "base/slab.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static struct slab slab;

static void tear_down(void)
{
    slab_deinit(&slab);
}

TestSuite(slab, .fini = tear_down);

Test(slab, says_when_it_is_full)
{
    slab_init(&slab, 40, 2);

    cr_expect_not_null(slab_take(&slab));
    cr_expect_not_null(slab_take(&slab));
    cr_expect_null(slab_take(&slab));
    cr_expect_eq(slab.used, 2);
}

Test(slab, gives_nothing_when_nothing_is_allowed)
{
    slab_init(&slab, 40, 0);

    cr_expect_null(slab_take(&slab));
}

Test(slab, hands_out_a_returned_object_again)
{
    void *object;

    slab_init(&slab, 40, 1);
    object = slab_take(&slab);
    slab_give(&slab, object);

    cr_expect_eq(slab_take(&slab), object);
    cr_expect_eq(slab.used, 1);
}

Test(slab, zeroes_every_object)
{
    static const char zero[200];
    char *object;

    slab_init(&slab, sizeof zero, 1);
    object = slab_take(&slab);
    memset(object, 'x', sizeof zero);
    slab_give(&slab, object);
    object = slab_take(&slab);

    cr_expect(!memcmp(object, zero, sizeof zero));
}

Test(slab, aligns_objects_of_any_size)
{
    static const size_t sizes[] = { 0, 1, 7, 8, 17, 1000 };

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        slab_init(&slab, sizes[i], 3);
        for (int taken = 0; taken < 3; taken++)
            cr_expect_eq((uintptr_t)slab_take(&slab) % _Alignof(max_align_t), 0,
                         "size %zu", sizes[i]);
        slab_deinit(&slab);
    }
}

Test(slab, takes_memory_only_as_it_is_needed)
{
    slab_init(&slab, 1000, 1000000);

    cr_assert_not_null(slab_take(&slab));

    cr_expect_lt(slab.made, 1000);
}

Test(slab, holds_objects_larger_than_a_chunk)
{
    char *object;

    slab_init(&slab, 200000, 2);
    object = slab_take(&slab);
    cr_assert_not_null(object);
    object[199999] = 'x';

    cr_expect_eq(slab.made, 1);
}

Test(slab, keeps_the_objects_of_many_chunks_apart)
{
    enum { MANY = 5000 };
    static size_t *objects[MANY];

    slab_init(&slab, 100, MANY);
    for (size_t i = 0; i < MANY; i++) {
        objects[i] = slab_take(&slab);
        cr_assert_not_null(objects[i]);
        *objects[i] = i;
    }
    for (size_t i = 0; i < MANY; i++)
        cr_assert_eq(*objects[i], i);
    cr_expect_eq(slab.made, MANY);
    cr_expect_null(slab_take(&slab));
}

Test(slab, takes_no_offence_at_nothing_given)
{
    slab_init(&slab, 40, 1);
    slab_give(&slab, NULL);

    cr_expect_eq(slab.used, 0);
}

Test(slab, refuses_more_than_it_gave, .signal = SIGABRT)
{
    static char stranger[64];

    slab_init(&slab, 40, 1);
    slab_give(&slab, stranger);
}
