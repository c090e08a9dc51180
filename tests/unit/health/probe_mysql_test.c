#include "judging.h"

/* A greeting of MariaDB 10.11: version, thread, scramble, abilities, the rest. */
#define VERSION "5.5.5-10.11.6-MariaDB\0"
#define GREETING_BODY                                                                    \
    "\x0a" VERSION "\x25\0\0\0"                                                          \
    "abcdefgh\0\xfe\xf7\x2d\x02\0\xff\x81\x15\0\0\0\0\0\0\x0d\0\0\0"                     \
    "ijklmnopqrst\0mysql_native_password\0"
#define GREETING "\x59\0\0\0" GREETING_BODY
#define DENIED "\xff\x15\x04#28000Access denied for user 'usher'@'localhost'"

static struct check_settings settings;

Test(probe_mysql, wants_to_be_greeted_in_version_10)
{
    static const struct heard_case cases[] = {
        { HEARD(GREETING), NEXT(sizeof GREETING - 1) },
        { HEARD(GREETING "more"), NEXT(sizeof GREETING - 1) },
        { HEARD("\x59\0\0"), PENDING },
        { HEARD("\x5a\0\0\0" GREETING_BODY), PENDING },
        { HEARD("\x02\0\0\0\x09x"), WRONG("not an answer of MySQL") },
        { HEARD("\x04\0\0\0\x0a"
                "5.6"),
          WRONG("not an answer of MySQL") },
        { HEARD("\x0e\0\0\0\x0a"
                "5.6\0\1\0\0\0"
                "abcde"),
          WRONG("not an answer of MySQL") },
        { HEARD("\0\0\0\0"), WRONG("not an answer of MySQL") },
        { HEARD("\x01\0\0\0\xff"), WRONG("not an answer of MySQL") },
        { HEARD("SSH-2.0-OpenSSH\r\n"), WRONG("not an answer of MySQL") },
    };

    cr_expect_eq(sizeof GREETING_BODY - 1, 0x59);
    expect_cases(&probe_mysql, &settings, cases);
}

Test(probe_mysql, tells_the_error_by_number)
{
    static const struct heard_case cases[] = {
        { HEARD("\x17\0\0\0\xff\x10\x04Too many connections"),
          BAD("1040 Too many connections") },
        { HEARD("\x0f\0\0\0\xff\x6a\x04Host blocked"), BAD("1130 Host blocked") },
        { HEARD("\x03\0\0\0\xff\x10\x04"), BAD("1040 ") },
        { HEARD("\x16\0\0\2\xff\x1d\x04#08S01shutting down"), .step = 1,
          BAD("1053 shutting down") },
    };

    expect_cases(&probe_mysql, &settings, cases);
}

static const struct heard_case denied[] = {
    { HEARD("\x33\0\0\2" DENIED), .step = 1,
      PASSED("1045 Access denied for user 'usher'@'localhost'") },
    { HEARD("\x09\0\0\2\xff\xa2\x06#28000"), .step = 2, PASSED("1698 ") },
};

Test(probe_mysql, is_content_to_be_denied_as_nobody_in_particular)
{
    expect_cases(&probe_mysql, &settings, denied);
}

Test(probe_mysql, wants_its_user_to_be_let_in)
{
    static const struct heard_case cases[] = {
        { HEARD("\x33\0\0\2" DENIED), .step = 1,
          BAD("1045 Access denied for user 'usher'@'localhost'") },
        { HEARD("\x07\0\0\2\0\0\0\2\0\0\0"), .step = 1, NEXT(11) },
        { HEARD("\x02\0\0\2\xfe\0"), .step = 1, NEXT(6) },
        { HEARD("\x07\0\0\4\0\0\0\2\0\0\0"), .step = 2, NEXT(11) },
        { HEARD("\x02\0\0\4\xfe\0"), .step = 2, WRONG("not an answer of MySQL") },
        { HEARD("\x02\0\0\2\x0a\0"), .step = 1, WRONG("not an answer of MySQL") },
        { HEARD(""), .step = 3, PASSED("") },
    };

    settings.user = "usher";
    expect_cases(&probe_mysql, &settings, cases);
}

Test(probe_mysql, proves_itself_once_more_only_when_told_to)
{
    struct answer welcome = { .step = 1, .bytes = "\1\0\0\2\0", .length = 5 };
    struct answer again = { .step = 1, .bytes = "\1\0\0\2\xfe", .length = 5 };
    struct answer at_last = { .step = 2, .bytes = "\1\0\0\4\0", .length = 5 };

    cr_expect_eq(probe_mysql.judge(&settings, &welcome).skipped, 1);
    cr_expect_eq(probe_mysql.judge(&settings, &again).skipped, 0);
    cr_expect_eq(probe_mysql.judge(&settings, &at_last).skipped, 0);
}

static void expect_packet(unsigned step, const char *wanted, size_t wanted_length)
{
    size_t length;
    const char *text = said(&probe_mysql, &settings, (struct question){ .step = step },
                            &length);

    cr_assert_eq(length, wanted_length, "step %u: %zu bytes", step, length);
    cr_expect_arr_eq(text, wanted, length, "step %u", step);
}

Test(probe_mysql, logs_in_without_a_password_and_says_good_bye)
{
    static const char login[] =
        "\x3d\0\0\1"
        "\1\x82\x08\0\0\0\0\1\x21\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
        "usher\0\0mysql_native_password";

    expect_packet(0, "", 0);
    expect_packet(1, login, sizeof login);
    expect_packet(2, "\0\0\0\3", 4);
    expect_packet(3, "\1\0\0\0\1", 5);
}

Test(probe_mysql, names_the_user_of_the_file)
{
    size_t length;
    const char *text;

    settings.user = "observer";
    text = said(&probe_mysql, &settings, (struct question){ .step = 1 }, &length);
    cr_expect_eq(length, 4 + 0x40);
    cr_expect_eq(text[0], 0x40);
    cr_expect(memmem(text, length, "\0observer\0\0mysql_native_password", 33));
}
