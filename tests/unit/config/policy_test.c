#include "reading.h"

#define SHARE "a number of servers, or a share such as 50%, is expected\n"
#define DURATION "a duration with its unit is expected, such as 500ms, 2s, 1m, 1h or 1d\n"
#define ON_DOWN "must be keep, drain or kill [after DURATION] [rate N/s]\n"
#define KILL "must be kill [after DURATION] [rate N/s]\n"
#define WHEN "must be refuse, hold DURATION or close\n"
#define IN_FRONTEND APP WEB

static struct settings *settings; /* the last that were read */

static void tear_down(void)
{
    settings_destroy(settings);
}

TestSuite(policy, .fini = tear_down);

static const struct settings *read_text(const char *text)
{
    settings_destroy(settings);
    settings = read_good("x.ini", text);
    return settings;
}

/* Cases stand on line 6. */
Test(policy, reports_wrong_shares)
{
    static const struct wrong_case cases[] = {
        { GOOD "min-healthy = half\n", "x.ini:6: min-healthy = half: " SHARE },
        { GOOD "min-healthy = -1\n", "x.ini:6: min-healthy = -1: " SHARE },
        { GOOD "min-healthy = %\n", "x.ini:6: min-healthy = %: " SHARE },
        { GOOD "min-healthy = 5%%\n", "x.ini:6: min-healthy = 5%%: " SHARE },
        { GOOD "min-healthy = 100001\n", "x.ini:6: min-healthy = 100001: " SHARE },
        { GOOD "max-ejected = 101%\n",
          "x.ini:6: max-ejected = 101%: a share is at most 100%\n" },
    };

    expect_wrong_cases(cases);
}

Test(policy, reports_what_cannot_be_done_about_servers_that_are_down)
{
    static const struct wrong_case cases[] = {
        { GOOD "on-down = die\n", "x.ini:6: on-down = die: " ON_DOWN },
        { GOOD "on-down = keep it\n", "x.ini:6: on-down = keep it: " ON_DOWN },
        { GOOD "on-down = drain after 5s\n",
          "x.ini:6: on-down = drain after 5s: " ON_DOWN },
        { GOOD "on-down = kill after 1s rate 2/s now\n",
          "x.ini:6: on-down = kill after 1s rate 2/s now: " ON_DOWN },
        { GOOD "on-down = kill when ready\n",
          "x.ini:6: on-down = kill when ready: " KILL },
        { GOOD "on-down = kill after\n",
          "x.ini:6: on-down = kill after: a value is missing behind the last word\n" },
        { GOOD "on-down = kill after 5\n", "x.ini:6: on-down = kill after 5: " DURATION },
        { GOOD "on-down = kill rate 5\n",
          "x.ini:6: on-down = kill rate 5: a rate is written as 50/s\n" },
        { GOOD "on-down = kill rate 5/m\n",
          "x.ini:6: on-down = kill rate 5/m: a rate is written as 50/s\n" },
        { GOOD "on-down = kill rate 0/s\n",
          "x.ini:6: on-down = kill rate 0/s: a rate is 1/s to 1000000/s\n" },
        { GOOD "on-down = kill rate x/s\n",
          "x.ini:6: on-down = kill rate x/s: a rate is 1/s to 1000000/s\n" },
    };

    expect_wrong_cases(cases);
}

Test(policy, reports_what_cannot_be_done_with_clients_of_nobody)
{
    static const struct wrong_case cases[] = {
        { IN_FRONTEND "when-empty = wait\n", "x.ini:6: when-empty = wait: " WHEN },
        { IN_FRONTEND "when-empty = hold\n", "x.ini:6: when-empty = hold: " WHEN },
        { IN_FRONTEND "when-empty = close now\n",
          "x.ini:6: when-empty = close now: " WHEN },
        { IN_FRONTEND "when-empty = refuse 5s\n",
          "x.ini:6: when-empty = refuse 5s: " WHEN },
        { IN_FRONTEND "when-empty = hold 5s please\n",
          "x.ini:6: when-empty = hold 5s please: " WHEN },
        { IN_FRONTEND "when-empty = hold on\n",
          "x.ini:6: when-empty = hold on: " DURATION },
    };

    expect_wrong_cases(cases);
}

static const struct recovery_settings *read_recovery(const char *text)
{
    return &read_text(text)->backends->recovery;
}

Test(policy, reads_shares)
{
    const struct recovery_settings *recovery = read_recovery(
        GOOD "min-healthy = 2\nmax-ejected = 100%\n");

    cr_expect_eq(recovery->min_healthy.amount, 2);
    cr_expect_not(recovery->min_healthy.is_percent);
    cr_expect_eq(recovery->max_ejected.amount, 100);
    cr_expect(recovery->max_ejected.is_percent);
    recovery = read_recovery(GOOD);
    cr_expect_eq(recovery->min_healthy.amount, 1);
    cr_expect_eq(recovery->max_ejected.amount, 50);
    cr_expect(recovery->max_ejected.is_percent);
}

Test(policy, reads_what_to_do_about_servers_that_are_down)
{
    static const struct {
        const char *text;
        enum on_down what;
        uint64_t after_ms;
        unsigned rate;
    } cases[] = {
        { GOOD, ON_DOWN_KEEP, 0, 0 },
        { GOOD "on-down = drain\n", ON_DOWN_DRAIN, 0, 0 },
        { GOOD "on-down = kill\n", ON_DOWN_KILL, 0, 0 },
        { GOOD "on-down = kill after 5s\n", ON_DOWN_KILL, 5000, 0 },
        { GOOD "on-down = kill rate 50/s\n", ON_DOWN_KILL, 0, 50 },
        { GOOD "on-down = kill  after 10s rate 7/s\n", ON_DOWN_KILL, 10000, 7 },
        { GOOD "on-down = kill rate 7/s after 10s\n", ON_DOWN_KILL, 10000, 7 },
        { GOOD "[defaults]\non-down = drain\n", ON_DOWN_DRAIN, 0, 0 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct on_down_settings *on_down = &read_recovery(cases[i].text)->on_down;

        cr_expect_eq(on_down->what, cases[i].what, "%s", cases[i].text);
        cr_expect_eq(on_down->after_ms, cases[i].after_ms, "%s", cases[i].text);
        cr_expect_eq(on_down->rate, cases[i].rate, "%s", cases[i].text);
    }
}

Test(policy, reads_what_to_do_with_clients_of_nobody)
{
    static const struct {
        const char *text;
        enum when_empty what;
        uint64_t hold_ms;
    } cases[] = {
        { IN_FRONTEND, WHEN_EMPTY_REFUSE, 0 },
        { IN_FRONTEND "when-empty = refuse\n", WHEN_EMPTY_REFUSE, 0 },
        { IN_FRONTEND "when-empty = close\n", WHEN_EMPTY_CLOSE, 0 },
        { IN_FRONTEND "when-empty = hold 3s\n", WHEN_EMPTY_HOLD, 3000 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct when_empty_settings *when =
            &read_text(cases[i].text)->frontends->when_empty;

        cr_expect_eq(when->what, cases[i].what, "%s", cases[i].text);
        cr_expect_eq(when->hold_ms, cases[i].hold_ms, "%s", cases[i].text);
    }
}
