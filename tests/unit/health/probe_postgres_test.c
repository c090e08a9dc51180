#include "judging.h"

static struct check_settings settings;

/* An error as servers send it; of the length that its first bytes say. */
#define ERROR(code, text) "E\0\0\0\x29SFATAL\0VFATAL\0C" code "\0M" text "\0\0"

Test(probe_postgres, is_content_with_any_wish_to_know_who_it_is)
{
    static const struct heard_case cases[] = {
        { HEARD("R\0\0\0\x08\0\0\0\0"), NEXT(9) },
        { HEARD("R\0\0\0\x08\0\0\0\0S\0\0"), NEXT(9) },
        { HEARD("R\0\0\0\x0c\0\0\0\5salt"), PASSED("") },
        { HEARD("R\0\0\0\x17\0\0\0\x0aSCRAM-SHA-256\0\0"), PASSED("") },
        { HEARD("R\0\0\0\x08\0\0\0"), PENDING },
        { HEARD(""), PENDING },
        { HEARD(""), .step = 1, PASSED("") },
    };

    expect_cases(&probe_postgres, &settings, cases);
}

Test(probe_postgres, tells_who_is_ill_from_who_does_not_know_us)
{
    static const struct heard_case cases[] = {
        { HEARD(ERROR("57P03", "starting up..")), BAD("57P03 starting up..") },
        { HEARD(ERROR("57P01", "shutting down")), BAD("57P01 shutting down") },
        { HEARD(ERROR("53300", "too many ....")), BAD("53300 too many ....") },
        { HEARD(ERROR("XX000", "cache lookup ")), BAD("XX000 cache lookup ") },
        { HEARD(ERROR("28000", "no such role ")), PASSED("28000 no such role ") },
        { HEARD(ERROR("28P01", "wrong passwor")), PASSED("28P01 wrong passwor") },
        { HEARD(ERROR("3D000", "no such datab")), PASSED("3D000 no such datab") },
    };

    expect_cases(&probe_postgres, &settings, cases);
}

Test(probe_postgres, bears_any_other_bytes)
{
    static const struct heard_case cases[] = {
        { HEARD("E\0\0\0\x08SFA\0"), WRONG("not an answer of PostgreSQL") },
        { HEARD("E\0\0\0\x08"
                "C57P"),
          WRONG("not an answer of PostgreSQL") },
        { HEARD("E\0\0\0\x08\0\0\0\0"), WRONG("not an answer of PostgreSQL") },
        { HEARD("R\0\0\0\x07\0\0\0"), WRONG("not an answer of PostgreSQL") },
        { HEARD("R\xff\xff\xff\xff"), WRONG("not an answer of PostgreSQL") },
        { HEARD("HTTP/1.1 400\r\n"), WRONG("not an answer of PostgreSQL") },
        { HEARD("\0"), WRONG("not an answer of PostgreSQL") },
        { HEARD("N"), WRONG("not an answer of PostgreSQL") },
    };

    expect_cases(&probe_postgres, &settings, cases);
}

static void expect_packet(unsigned step, const char *wanted, size_t wanted_length)
{
    size_t length;
    const char *text = said(&probe_postgres, &settings, (struct question){ .step = step },
                            &length);

    cr_assert_eq(length, wanted_length, "step %u: %zu bytes", step, length);
    cr_expect_arr_eq(text, wanted, length, "step %u", step);
}

Test(probe_postgres, knocks_as_a_user_and_says_good_bye)
{
    static const char usher[] = "\0\0\0\x26\0\3\0\0user\0usher\0database\0postgres\0";
    static const char other[] = "\0\0\0\x25\0\3\0\0user\0mary\0database\0postgres\0";

    expect_packet(0, usher, sizeof usher);
    expect_packet(1, "X\0\0\0\4", 5);
    settings.user = "mary";
    expect_packet(0, other, sizeof other);
}
