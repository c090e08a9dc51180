#include "reading.h"

#include "backend/balancer.h"
#include "base/log.h"

#define LETTERS_64 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl"

/* Cases stand on line 6, in [backend app] unless they begin another section. */
Test(key, refuses_wrong_values)
{
    static const struct wrong_case cases[] = {
        { GOOD "rise = 0\n", "x.ini:6: rise = 0: must be 1 to 100\n" },
        { GOOD "rise = 101\n", "x.ini:6: rise = 101: must be 1 to 100\n" },
        { GOOD "rise = -1\n", "x.ini:6: rise = -1: a number is expected, such as 100\n" },
        { GOOD "rise = 3 4\n",
          "x.ini:6: rise = 3 4: a number is expected, such as 100\n" },
        { GOOD "retries = 99999999999999999999\n",
          "x.ini:6: retries = 99999999999999999999: the number is too large\n" },
        { GOOD "check-interval = 5\n",
          "x.ini:6: check-interval = 5: a duration with its unit is expected, such as "
          "500ms, 2s, 1m, 1h or 1d\n" },
        { GOOD "check-interval = 0\n",
          "x.ini:6: check-interval = 0: must be 1ms to 1d\n" },
        { GOOD "connect-timeout = 11m\n",
          "x.ini:6: connect-timeout = 11m: must be 1ms to 10m\n" },
        { GOOD "balance = leastcon\n",
          "x.ini:6: balance = leastcon: must be roundrobin, leastconn, random, source or "
          "first; did you mean \"leastconn\"?\n" },
        { GOOD "[global]\nlog-level = loud\n",
          "x.ini:7: log-level = loud: must be error, warning, notice, info or debug\n" },
        { GOOD "[global]\nworkers = 0\n",
          "x.ini:7: workers = 0: must be auto or a number, 1 to 256\n" },
        { GOOD "[global]\nworkers = all\n",
          "x.ini:7: workers = all: must be auto or a number, 1 to 256\n" },
        { GOOD "[global]\nuser = no-such-user\n",
          "x.ini:7: user = no-such-user: there is no such user\n" },
        { GOOD "[global]\ngroup = no-such-group\n",
          "x.ini:7: group = no-such-group: there is no such group\n" },
        { GOOD "[global]\nnode = one two\n",
          "x.ini:7: node = one two: a name has only letters, digits and . : _ -\n" },
        { GOOD "[global]\nlog = syslog:loghost:514\n",
          "x.ini:7: log = syslog:loghost:514: must be stderr, stdout, syslog, "
          "syslog:/PATH, syslog:IP:PORT or /PATH\n" },
        { GOOD "[defaults]\nlog-session = open\n",
          "x.ini:7: log-session = open: must be off, close or open,close\n" },
        { GOOD "[defaults]\nwhen-empty = wait\n",
          "x.ini:7: when-empty = wait: must be refuse, hold DURATION or close\n" },
    };

    expect_wrong_cases(cases);
}

Test(key, refuses_wrong_values_of_trust_and_limits)
{
    static const struct wrong_case cases[] = {
        { GOOD "server-tls = maybe\n",
          "x.ini:6: server-tls = maybe: yes or no is expected "
          "(or on, off, true, false)\n" },
        { GOOD "send-proxy = v3\n", "x.ini:6: send-proxy = v3: must be no, v1 or v2\n" },
        { GOOD "[defaults]\ngreet-timeout = 0\n",
          "x.ini:7: greet-timeout = 0: must be 1ms to 10m\n" },
        { GOOD "[defaults]\ntls-min = 1.1\n",
          "x.ini:7: tls-min = 1.1: must be 1.2 or 1.3; did you mean \"1.2\"?\n" },
        { GOOD "[defaults]\ntls-verify = yes\n",
          "x.ini:7: tls-verify = yes: must be none, optional or required\n" },
        { GOOD "[defaults]\ntls-verify = optinal\n",
          "x.ini:7: tls-verify = optinal: must be none, optional or required; did you "
          "mean \"optional\"?\n" },
        { GOOD "[defaults]\ntls-alpn = h2,\n",
          "x.ini:7: tls-alpn = h2,: a protocol is missing beside a comma\n" },
        { GOOD "[defaults]\nserver-tls-alpn = h2, ,h3\n",
          "x.ini:7: server-tls-alpn = h2, ,h3: a protocol is missing beside a comma\n" },
        { GOOD "[defaults]\ntls-alpn = " LETTERS_64 LETTERS_64 LETTERS_64 LETTERS_64 "\n",
          "x.ini:7: tls-alpn = " LETTERS_64 LETTERS_64 LETTERS_64 LETTERS_64
          ": a protocol has at most 255 characters\n" },
        { GOOD "[defaults]\nserver-tls-name = a b\n",
          "x.ini:7: server-tls-name = a b: the name or IP address of a server is "
          "expected, such as db.example.com\n" },
        { GOOD "[defaults]\nsession-rate = 10/s\n",
          "x.ini:7: session-rate = 10/s: a number is expected, such as 100\n" },
    };

    expect_wrong_cases(cases);
}

Test(key, names_the_kinds_of_checks)
{
    struct buffer report = { 0 };

    cr_expect_null(read_reported("x.ini", GOOD "check = conect\n", &report));
    cr_expect(strstr(buffer_text(&report),
                     "check = conect: there is no such check "
                     "and no [check conect]; did you mean \"connect\"?\n"));
    buffer_deinit(&report);
}

Test(key, reads_every_type)
{
    struct settings *settings = read_good(
        "x.ini", GOOD "balance = source\ncheck = off\nrise = 100\nconnect-budget = 10m\n"
                      "[global]\nworkers = 2\nmaxconn = auto\nuser = root\ngroup = root\n"
                      "pid-file = /run/usher.pid\nlog = syslog:127.0.0.1:514\n"
                      "log-level = debug\nnode = lb-1\ndrain-timeout = 0\n");

    cr_expect_str_eq(balancer_name(settings->backends[0].balancer), "source");
    cr_expect_null(settings->checks[0].choice.kind);
    cr_expect_eq(settings->checks[0].rise, 100);
    cr_expect_eq(settings->backends[0].connect_budget_ms, 600000);
    cr_expect_eq(settings->global.workers, 2);
    cr_expect_eq(settings->global.maxconn, 0);
    cr_expect_str_eq(settings->global.user, "root");
    cr_expect_str_eq(settings->global.group, "root");
    cr_expect_str_eq(settings->global.pid_file, "/run/usher.pid");
    cr_expect_str_eq(settings->global.log, "syslog:127.0.0.1:514");
    cr_expect_eq(settings->global.log_level, LEVEL_DEBUG);
    cr_expect_str_eq(settings->global.node, "lb-1");
    cr_expect_eq(settings->global.drain_timeout_ms, 0);
    settings_destroy(settings);
}

Test(key, takes_every_target_of_the_log)
{
    static const char *const targets[] = {
        "stderr",          "stdout",           "syslog",
        "syslog:/dev/log", "syslog:[::1]:514", "/var/log/usher",
    };

    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        char text[256];

        (void)snprintf(text, sizeof text, GOOD "[global]\nlog = %s\n", targets[i]);
        settings_destroy(read_good("x.ini", text));
    }
}
