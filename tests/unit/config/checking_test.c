#include "reading.h"

#include "health/probe.h"

#define CHECK GOOD "[check db]\n"

static struct settings *settings; /* the last that were read */

static void tear_down(void)
{
    settings_destroy(settings);
}

TestSuite(checking, .fini = tear_down);

static const struct check_settings *read_check(const char *text)
{
    settings_destroy(settings);
    settings = read_good("x.ini", text);
    return settings->checks;
}

/* Cases stand on line 6, in [backend app]. */
Test(checking, reports_words_that_name_no_check)
{
    static const struct wrong_case cases[] = {
        { GOOD "check = htp\n", "x.ini:6: check = htp: there is no such check and no "
                                "[check htp]; did you mean \"http\"?\n" },
        { GOOD "check = telepathy\n",
          "x.ini:6: check = telepathy: there is no such check "
          "and no [check telepathy]\n" },
        { GOOD "check = a b\n",
          "x.ini:6: check = a b: a name has only letters, digits and . : _ -\n" },
        { GOOD "[defaults]\ncheck = telepathy\n",
          "x.ini:4: check = telepathy: there is no such check and no "
          "[check telepathy]\n" },
        { CHECK "check = dba\n[check dba]\nrise = 3\n",
          "x.ini:7: check = dba: there is no such check\n" },
        { GOOD "[check connect]\nrise = 3\n",
          "x.ini:6: [check connect]: this name means a check already\n" },
        { GOOD "[check off]\nrise = 3\n",
          "x.ini:6: [check off]: this name means a check already\n" },
        { GOOD "[check]\nrise = 3\n",
          "x.ini:6: [check]: a name is missing behind the word\n" },
    };

    expect_wrong_cases(cases);
}

Test(checking, refuses_keys_of_another_kind)
{
    static const struct wrong_case cases[] = {
        { GOOD "http-path = /\n", "x.ini:6: http-path: is for `check = http` only\n" },
        { GOOD "check = redis\nhttp-host = a\ncheck-user = u\n",
          "x.ini:7: http-host: is for `check = http` only\n"
          "x.ini:8: check-user: is for `check = mysql or postgres` only\n" },
        { GOOD "check = off\ncheck-step = expect a\n",
          "x.ini:7: check-step: is for `check = expect` only\n" },
        { CHECK "check = mysql\nhttp-status = 200\n",
          "x.ini:8: http-status: is for `check = http` only\n" },
        { GOOD "check = db\nhttp-body = x\n[check db]\ncheck = redis\n",
          "x.ini:7: http-body: is for `check = http` only\n" },
        { CHECK "weight = 3\n", "x.ini:7: unknown key \"weight\" in [check db]\n" },
        { CHECK "balance = first\n",
          "x.ini:7: \"balance\" belongs in [backend ...], not in [check db]\n" },
    };

    expect_wrong_cases(cases);
}

Test(checking, misses_what_a_kind_cannot_do_without)
{
    static const struct wrong_case cases[] = {
        { GOOD "check = expect\n", "x.ini:6: check = expect: needs \"check-step\"\n" },
        { CHECK "check = expect\n", "x.ini:7: check = expect: needs \"check-step\"\n" },
        { GOOD "[defaults]\ncheck = expect\n",
          "x.ini:4: check = expect: needs \"check-step\"\n" },
        { GOOD "check = tls\ncheck-tls = no\n",
          "x.ini:7: check-tls = no: `check = tls` is TLS\n" },
        { GOOD "check-tls = no\nserver-tls-ca = /ca\n",
          "x.ini:7: server-tls-ca = /ca: needs \"server-tls = yes\" or "
          "\"check-tls = yes\"\n" },
    };

    expect_wrong_cases(cases);
}

#define STATUS "must be statuses from 100 to 599, such as 200-299, 401\n"
#define IP "an IP address without a port is expected, such as 192.0.2.1\n"

Test(checking, reports_wrong_statuses_and_addresses)
{
    static const struct wrong_case cases[] = {
        { GOOD "check = http\nhttp-status = 99\n", "x.ini:7: http-status = 99: " STATUS },
        { GOOD "check = http\nhttp-status = 600\n",
          "x.ini:7: http-status = 600: " STATUS },
        { GOOD "check = http\nhttp-status = 300-200\n",
          "x.ini:7: http-status = 300-200: " STATUS },
        { GOOD "check = http\nhttp-status = 200-\n",
          "x.ini:7: http-status = 200-: " STATUS },
        { GOOD "check = http\nhttp-status = 2xx\n",
          "x.ini:7: http-status = 2xx: " STATUS },
        { GOOD "check = http\nhttp-status = ,\n",
          "x.ini:7: http-status = ,: a status is missing\n" },
        { GOOD "check-address = example.com\n",
          "x.ini:6: check-address = example.com: " IP },
        { GOOD "check-address = 192.0.2.1:80\n",
          "x.ini:6: check-address = 192.0.2.1:80: " IP },
        { GOOD "check-port = 65536\n", "x.ini:6: check-port = 65536: must be 0 to "
                                       "65535\n" },
    };

    expect_wrong_cases(cases);
}

#define STEP "write send TEXT, send-hex HEX, expect TEXT, expect-hex HEX or match REGEX\n"
#define ESCAPE "after a backslash comes r, n, t, 0, \\, \" or x with two digits\n"
#define HEX "must be hexadecimal digits, two for each byte\n"

Test(checking, reports_wrong_steps)
{
    static const struct wrong_case cases[] = {
        { GOOD "check = expect\ncheck-step = say hello\n",
          "x.ini:7: check-step = say hello: " STEP },
        { GOOD "check = expect\ncheck-step = send\n",
          "x.ini:7: check-step = send: " STEP },
        { GOOD "check = expect\ncheck-step = send a\\q\n",
          "x.ini:7: check-step = send a\\q: " ESCAPE },
        { GOOD "check = expect\ncheck-step = send a\\x1\n",
          "x.ini:7: check-step = send a\\x1: " ESCAPE },
        { GOOD "check = expect\ncheck-step = send a\\\n",
          "x.ini:7: check-step = send a\\: " ESCAPE },
        { GOOD "check = expect\ncheck-step = send-hex 0\n",
          "x.ini:7: check-step = send-hex 0: " HEX },
        { GOOD "check = expect\ncheck-step = expect-hex 0g\n",
          "x.ini:7: check-step = expect-hex 0g: " HEX },
        { GOOD "check = expect\ncheck-step = match (\n",
          "x.ini:7: check-step = match (: is no regular expression: Unmatched ( or "
          "\\(\n" },
    };

    expect_wrong_cases(cases);
}

static void expect_bytes(const struct check_step *step, const char *bytes, size_t length)
{
    cr_assert_eq(step->length, length, "%s: %zu bytes", step->text, step->length);
    cr_expect_arr_eq(step->bytes, bytes, length, "%s", step->text);
}

Test(checking, reads_steps_in_their_order)
{
    const struct check_settings *check = read_check(
        GOOD "check = expect\ncheck-step = send \" a\\r\\n\\t\\0\\\\\\\"\\x7f \"\n"
             "check-step = send plain text\ncheck-step = send-hex 00 fF10\n"
             "check-step = expect \"\n"
             "check-step = expect-hex 0a\ncheck-step = match ^a+$\n");

    cr_assert_eq(check->step_count, 6);
    cr_expect_eq(check->steps[0].kind, CHECK_STEP_SEND);
    expect_bytes(&check->steps[0], " a\r\n\t\0\\\"\x7f ", 10);
    expect_bytes(&check->steps[1], "plain text", 10);
    expect_bytes(&check->steps[2], "\0\xff\x10", 3);
    cr_expect_eq(check->steps[3].kind, CHECK_STEP_EXPECT);
    expect_bytes(&check->steps[3], "\"", 1);
    expect_bytes(&check->steps[4], "\n", 1);
    cr_expect_eq(check->steps[5].kind, CHECK_STEP_MATCH);
    cr_expect_eq(regexec(check->steps[5].regex, "aa", 0, NULL, 0), 0);
    cr_expect_neq(regexec(check->steps[5].regex, "ab", 0, NULL, 0), 0);
}

static bool is_good(const struct check_settings *check, unsigned status)
{
    return check->http.statuses.are_good[status - HTTP_STATUS_LEAST];
}

Test(checking, reads_statuses_and_addresses)
{
    const struct check_settings *check = read_check(
        GOOD "check = http\nhttp-status = 200-204, 401 100,599\n"
             "check-address = 2001:db8::1\n");

    cr_expect(is_good(check, 100) && is_good(check, 204) && is_good(check, 401));
    cr_expect(is_good(check, 599));
    cr_expect_not(is_good(check, 199) || is_good(check, 205) || is_good(check, 400));
    cr_expect_eq(check->address.address.as.any.sa_family, AF_INET6);
    check = read_check(GOOD "check = http\ncheck-address = 192.0.2.4\n");
    cr_expect(is_good(check, 200) && is_good(check, 399));
    cr_expect_not(is_good(check, 199) || is_good(check, 400));
    cr_expect_eq(check->address.address.as.any.sa_family, AF_INET);
}

static void expect_kind(const struct check_settings *check, const char *name)
{
    cr_assert(check->choice.kind);
    cr_expect_str_eq(probe_kind_name(check->choice.kind), name);
}

Test(checking, takes_what_a_named_check_says_unless_the_backend_knows_better)
{
    const struct check_settings *checks = read_check(
        GOOD "check = site\nrise = 7\nhttp-path = /own\n"
             "[backend b]\nserver = a 127.0.0.1:1\ncheck = site\n"
             "[frontend b]\nbind = :81\nbackend = b\n"
             "[defaults]\nrise = 5\nfall = 6\ncheck-timeout = 9s\n"
             "[check site]\ncheck = http\nhttp-path = /site\nhttp-body = well\n"
             "fall = 4\ncheck-interval = 3s\n");

    expect_kind(&checks[0], "http");
    cr_expect_str_eq(checks[0].choice.word, "site");
    cr_expect_str_eq(checks[0].http.path, "/own");
    cr_expect_str_eq(checks[0].http.body, "well");
    cr_expect_eq(checks[0].rise, 7);
    cr_expect_eq(checks[0].fall, 4);
    cr_expect_eq(checks[0].interval_ms, 3000);
    cr_expect_eq(checks[0].timeout_ms, 9000);
    expect_kind(&checks[1], "http");
    cr_expect_str_eq(checks[1].http.path, "/site");
    cr_expect_eq(checks[1].rise, 5);
}

Test(checking, may_be_named_for_all_backends)
{
    const struct check_settings *checks = read_check(
        GOOD "[backend b]\nserver = a 127.0.0.1:1\ncheck = connect\n"
             "[frontend b]\nbind = :81\nbackend = b\n"
             "[defaults]\ncheck = cache\n[check cache]\ncheck = redis\nfall = 9\n");

    expect_kind(&checks[0], "redis");
    cr_expect_eq(checks[0].fall, 9);
    expect_kind(&checks[1], "connect");
    cr_expect_eq(checks[1].fall, 3);
}

Test(checking, may_have_tls_of_its_own)
{
    settings_destroy(read_good("x.ini", GOOD "check = tls\nserver-tls-ca = /ca\n"));
    settings_destroy(read_good("x.ini", GOOD "check-tls = yes\nserver-tls-ca = /ca\n"));
    settings_destroy(read_good("x.ini", GOOD
                               "server-tls = yes\ncheck-tls = no\nserver-tls-ca = /c\n"));
    settings_destroy(read_good("x.ini", GOOD "check = db\nserver-tls-ca = /ca\n"
                                             "[check db]\ncheck-tls = yes\n"));
}
