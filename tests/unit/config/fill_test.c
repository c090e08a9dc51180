#include "reading.h"

Test(fill, reports_keys_that_do_not_belong)
{
    static const struct wrong_case cases[] = {
        { GOOD "blance = first\n", "x.ini:6: unknown key \"blance\" in [backend app]; "
                                   "did you mean \"balance\"?\n" },
        { GOOD "colour = blue\n", "x.ini:6: unknown key \"colour\" in [backend app]\n" },
        { GOOD "bind = :81\n",
          "x.ini:6: \"bind\" belongs in [frontend ...], not in [backend app]\n" },
        { GOOD "maxconn = 5\n", "x.ini:6: \"maxconn\" belongs in [global] or "
                                "[frontend ...], not in [backend app]\n" },
        { GOOD "[global]\nbalance = first\n",
          "x.ini:7: \"balance\" belongs in [backend ...], not in [global]\n" },
        { GOOD "[defaults]\nserver = a :80\n",
          "x.ini:7: \"server\" belongs in [backend ...], not in [defaults]\n" },
        { GOOD "[defaults]\nworkers = 2\n",
          "x.ini:7: \"workers\" belongs in [global], not in [defaults]\n" },
        { GOOD "[defaults]\nidletimeout = 2s\n",
          "x.ini:7: unknown key \"idletimeout\" in [defaults]; did you mean "
          "\"idle-timeout\"?\n" },
        { GOOD "[defaults]\nretires = 2\n",
          "x.ini:7: unknown key \"retires\" in [defaults]; did you mean \"retries\"?\n" },
    };

    expect_wrong_cases(cases);
}

Test(fill, reports_repeated_and_missing_keys)
{
    static const struct wrong_case cases[] = {
        { GOOD "rise = 3\nrise = 3\n", "x.ini:7: \"rise\" is set at x.ini:6 already\n" },
        { GOOD "[defaults]\nrise = 3\nrise = 3\n",
          "x.ini:8: \"rise\" is set at x.ini:7 already\n" },
        { "[frontend web]\nmaxconn = 5\n" APP,
          "x.ini:1: [frontend web] needs a \"bind\"\n"
          "x.ini:1: [frontend web] needs a \"backend\"\n" },
        { WEB "[backend app]\nrise = 3\n",
          "x.ini:4: [backend app] needs a \"server\"\n" },
        { GOOD "[admin]\ntimeout = 5s\n", "x.ini:6: [admin] needs a \"socket\"\n" },
    };

    expect_wrong_cases(cases);
}

Test(fill, reports_keys_without_use)
{
    static const struct wrong_case cases[] = {
        { GOOD "server-tls-ca = /ca\n",
          "x.ini:6: server-tls-ca = /ca: needs \"server-tls = yes\" or "
          "\"check-tls = yes\"\n" },
        { GOOD "server-tls = no\nserver-tls-min = 1.3\n",
          "x.ini:7: server-tls-min = 1.3: needs \"server-tls = yes\" or "
          "\"check-tls = yes\"\n" },
        { GOOD "server-tls-verify = yes\nserver-tls-name = a\n",
          "x.ini:6: server-tls-verify = yes: needs \"server-tls = yes\" or "
          "\"check-tls = yes\"\n"
          "x.ini:7: server-tls-name = a: needs \"server-tls = yes\" or "
          "\"check-tls = yes\"\n" },
        { APP WEB "tls-min = 1.2\ntls-alpn = h2\ntls-alpn-strict = yes\n",
          "x.ini:6: tls-min = 1.2: needs \"tls-cert\"\n"
          "x.ini:7: tls-alpn = h2: needs \"tls-cert\"\n"
          "x.ini:8: tls-alpn-strict = yes: needs \"tls-cert\"\n" },
        { APP WEB "tls-cert = /x\ntls-crl = /y\ntls-alpn-strict = yes\n",
          "x.ini:7: tls-crl = /y: needs \"tls-client-ca\"\n"
          "x.ini:8: tls-alpn-strict = yes: needs \"tls-alpn\"\n" },
        { APP WEB "tls-cert =\ntls-min = 1.3\n",
          "x.ini:6: tls-cert = : write tls-cert = PATH\n" },
    };

    expect_wrong_cases(cases);
}

Test(fill, lets_defaults_have_no_use)
{
    settings_destroy(read_good("x.ini", GOOD "[defaults]\ntls-min = 1.3\n"
                                             "server-tls-ca = /ca\n"));
    settings_destroy(read_good("x.ini", GOOD "server-tls-ca = /ca\n"
                                             "[defaults]\nserver-tls = yes\n"));
}

Test(fill, says_once_what_is_wrong_in_the_defaults)
{
    static const struct wrong_case cases[] = {
        { GOOD "[defaults]\npeer-timeout = 1\n",
          "x.ini:7: peer-timeout = 1: a duration with its unit is expected, such as "
          "500ms, 2s, 1m, 1h or 1d\n" },
        { GOOD "[defaults]\nfall = 0\n[backend b]\nserver = a 127.0.0.1:1\n",
          "x.ini:7: fall = 0: must be 1 to 100\n" },
    };

    expect_wrong_cases(cases);
}

Test(fill, gives_defaults_to_all_wherever_they_stand)
{
    struct settings *settings =
        read_good("x.ini", GOOD "rise = 9\n"
                                "[defaults]\nrise = 5\nfall = 7\npeer-timeout = 8s\n"
                                "maxconn = 11\n"
                                "[frontend b]\nbind = :81\nbackend = b\nmaxconn = 12\n"
                                "[backend b]\nserver = a 127.0.0.1:1\n");

    cr_expect_eq(settings->checks[0].rise, 9);
    cr_expect_eq(settings->checks[0].fall, 7);
    cr_expect_eq(settings->checks[1].rise, 5);
    cr_expect_eq(settings->backends[1].peer_timeout_ms, 8000);
    cr_expect_eq(settings->frontends[0].peer_timeout_ms, 8000);
    cr_expect_eq(settings->frontends[0].maxconn, 11);
    cr_expect_eq(settings->frontends[1].maxconn, 12);
    cr_expect_eq(settings->global.maxconn, 0);
    settings_destroy(settings);
}
