#include "base/hash.h"

#include <criterion/criterion.h>

/* The expected numbers were computed apart from usher, from the words of the header. */
Test(hash, of_bytes_never_changes)
{
    static const struct {
        const char *bytes;
        size_t length;
        uint64_t hash;
    } cases[] = {
        { "", 0, 0xf52a15e9a9b5e89b },
        { "a", 1, 0x02c0bdbf481420f8 },
        { "foobar", 6, 0x404da9e3b74078c2 },
        { "\x7f\0\0\1", 4, 0xf98cd2ca4f56e816 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(hash_bytes(cases[i].bytes, cases[i].length), cases[i].hash,
                     "case %zu", i);
}

Test(hash, of_a_hash_and_a_number_never_changes)
{
    static const struct {
        uint64_t hash, number, mixed;
    } cases[] = {
        { 0, 0, 0xe220a8397b1dcdaf },
        { 1, 0, 0x910a2dec89025cc1 },
        { 1, 1, 0xbeeb8da1658eec67 },
        { UINT64_MAX, UINT64_MAX, 0xb4d055fcf2cbbd7b },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(hash_mix(cases[i].hash, cases[i].number), cases[i].mixed, "case %zu",
                     i);
}

Test(hash, throws_near_keys_far_apart)
{
    int halves[2] = { 0 };

    for (unsigned char last = 0; last < 200; last++) {
        unsigned char ip[4] = { 10, 0, 0, last };

        halves[hash_bytes(ip, sizeof ip) >> 63]++;
    }

    cr_expect(halves[0] > 70 && halves[1] > 70, "%d and %d", halves[0], halves[1]);
}
