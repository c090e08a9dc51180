#include "base/memory.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

Test(memory, comes_zeroed)
{
    static const char zero[4096];
    char *bytes = memory_new(sizeof zero);

    cr_expect(!memcmp(bytes, zero, sizeof zero));
    free(bytes);
}

Test(memory, of_no_size_is_still_memory)
{
    void *one = memory_new(0);
    void *other = memory_new_array(0, 8);
    void *third = memory_resize(NULL, 0);

    cr_expect_not_null(one);
    cr_expect_not_null(other);
    cr_expect_not_null(third);
    free(one);
    free(other);
    free(third);
}

Test(memory, keeps_what_it_held_when_resized)
{
    char *text = memory_resize(NULL, 4);

    memcpy(text, "abc", 4);
    text = memory_resize(text, 10000);

    cr_expect_str_eq(text, "abc");
    free(text);
}

Test(memory, copies_a_text)
{
    char *copy = memory_copy_text("usher");

    cr_expect_str_eq(copy, "usher");
    free(copy);
}

Test(memory, lets_a_kept_promise_pass)
{
    ensure(1 + 1 == 2);
    cr_expect(true);
}

Test(memory, aborts_on_a_broken_promise, .signal = SIGABRT)
{
    ensure(1 + 1 == 3);
}

/* AddressSanitizer ends the program by itself when so much is asked for. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__
#endif
#endif

#ifndef __SANITIZE_ADDRESS__
Test(memory, aborts_when_there_is_none, .signal = SIGABRT)
{
    volatile size_t too_much = SIZE_MAX / 4;

    free(memory_new_array(too_much, 2));
}

Test(memory, aborts_when_an_array_is_too_large_to_count, .signal = SIGABRT)
{
    volatile size_t half = SIZE_MAX / 2 + 1;

    free(memory_new_array(half, 2));
}
#endif
