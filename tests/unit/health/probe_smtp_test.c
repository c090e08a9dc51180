#include "judging.h"

static const struct check_settings settings;

Test(probe_smtp, listens_greets_and_leaves)
{
    expect_said(&probe_smtp, &settings, 0, "");
    expect_said(&probe_smtp, &settings, 1, "EHLO localhost\r\n");
    expect_said(&probe_smtp, &settings, 2, "QUIT\r\n");
    expect_said(&probe_smtp, &settings, 3, "");
}

Test(probe_smtp, wants_to_be_greeted)
{
    static const struct heard_case cases[] = {
        { HEARD("220 mail ESMTP\r\n"), NEXT(16) },
        { HEARD("220\r\n"), NEXT(5) },
        { HEARD("220\n"), NEXT(4) },
        { HEARD("220-one\r\n220 two\r\n"), NEXT(18) },
        { HEARD("220-one\r\n220 two"), PENDING },
        { HEARD(""), PENDING },
        { HEARD("554 no service\r\n"), BAD("554 no service") },
        { HEARD("421-busy\n421 later\n"), BAD("421 later") },
        { HEARD("250 ok\r\n"), BAD("250 ok") },
        { HEARD("22\r\n"), WRONG("not an answer of SMTP") },
        { HEARD("2200 ok\r\n"), WRONG("not an answer of SMTP") },
        { HEARD("220\0ok\r\n"), WRONG("not an answer of SMTP") },
        { HEARD("220-one\r\nSSH-2.0\r\n"), WRONG("not an answer of SMTP") },
    };

    expect_cases(&probe_smtp, &settings, cases);
}

Test(probe_smtp, wants_to_be_understood_and_does_not_wait_for_good_bye)
{
    static const struct heard_case cases[] = {
        { HEARD("250-mail\r\n250-SIZE 1000\r\n250 HELP\r\n"), .step = 1, NEXT(35) },
        { HEARD("502 what?\r\n"), .step = 1, BAD("502 what?") },
        { HEARD(""), .step = 2, PASSED("") },
    };

    expect_cases(&probe_smtp, &settings, cases);
}

Test(probe_smtp, tells_the_code)
{
    struct answer answer = { .bytes = "554 no\r\n", .length = 8 };

    cr_expect_eq(probe_smtp.judge(&settings, &answer).status, 554);
}
