#include "config/difference.h"

#include "reading.h"

static struct buffer out;

static void tear_down(void)
{
    buffer_deinit(&out);
}

TestSuite(difference, .fini = tear_down);

static const char *between(const char *old_text, const char *new_text)
{
    struct settings *old = read_good("old.ini", old_text);
    struct settings *new = read_good("new.ini", new_text);

    difference_write(old, new, &out);
    settings_destroy(old);
    settings_destroy(new);
    return buffer_text(&out);
}

Test(difference, is_nothing_between_the_same)
{
    cr_expect_str_eq(between(GOOD, APP "rise = 2\n" WEB), "");
}

Test(difference, says_what_came_went_and_changed)
{
    const char *report =
        between("[frontend web]\nbind = 127.0.0.1:80\nbind = :81\nbackend = app\n"
                "[frontend old]\nbind = :82\nbackend = old\n"
                "[backend app]\nserver = a 127.0.0.1:1\nserver = b 127.0.0.1:2\n"
                "[backend old]\nserver = a 127.0.0.1:1\n"
                "[admin]\nsocket = /tmp/a\n",
                "[global]\nmaxconn = 100\nnode = lb1\n"
                "[frontend web]\nbind = :81 backlog=7\nbackend = new\nidle-timeout = 0\n"
                "[frontend app]\nbind = :80\nbackend = app\n"
                "[backend app]\nserver = a 127.0.0.1:3 weight=2\nserver = c 127.0.0.1:2\n"
                "balance = leastconn\ncheck = off\n"
                "[backend new]\nserver = a 127.0.0.1:1\n"
                "[admin]\nsocket = /tmp/a mode=0660\nsocket = /tmp/b\n");

    cr_expect_str_eq(report, "global: maxconn auto -> 100\n"
                             "global: node none -> lb1\n"
                             "admin: socket /tmp/a: mode 0600 -> 0660\n"
                             "admin: socket /tmp/b added\n"
                             "frontend old removed\n"
                             "frontend web: bind 127.0.0.1:80 removed\n"
                             "frontend web: bind :81: backlog 4096 -> 7\n"
                             "frontend web: backend app -> new\n"
                             "frontend web: idle-timeout 1h -> 0\n"
                             "frontend app added\n"
                             "backend old removed\n"
                             "server app/a: address 127.0.0.1:1 -> 127.0.0.1:3\n"
                             "server app/a: weight 1 -> 2\n"
                             "server app/b removed\n"
                             "server app/c added\n"
                             "backend app: balance roundrobin -> leastconn\n"
                             "backend app: check connect -> off\n"
                             "backend new added\n");
}

Test(difference, covers_names_and_trust)
{
    const char *report = between(
        APP WEB "tls-cert = /a\ntls-cert = /b\ntls-min = 1.3\n"
                "route = a.example -> app\nroute = b.example -> app\n"
                "route = c.example -> app\nallow = 10.0.0.0/8, ::1\n",
        APP
        "source = ::1\nserver-tls = yes\nserver-tls-verify = no\nsend-proxy = v1\n" WEB
        "tls-cert = /b\ntls-cert = /c\ntls-cert = /a\ntls-alpn = h2\n"
        "route = c.example -> app\nroute = b.example *.b.example -> app\n"
        "route = a.example -> app\nallow = ::1, 10.0.0.0/8\ndeny = 10.0.0.1\n"
        "session-rate = 9\n");

    cr_expect_str_eq(report, "frontend web: route b.example -> app removed\n"
                             "frontend web: route b.example *.b.example -> app added\n"
                             "frontend web: route in another order\n"
                             "frontend web: tls-cert /c added\n"
                             "frontend web: tls-cert in another order\n"
                             "frontend web: tls-min 1.3 -> 1.2\n"
                             "frontend web: tls-alpn none -> h2\n"
                             "frontend web: deny 10.0.0.1 added\n"
                             "frontend web: session-rate 0 -> 9\n"
                             "backend app: source ::1 added\n"
                             "backend app: send-proxy no -> v1\n"
                             "backend app: server-tls no -> yes\n"
                             "backend app: server-tls-verify yes -> no\n");
}

Test(difference, finds_servers_in_whatever_order)
{
    const char *report =
        between("[frontend web]\nbind = 127.0.0.1:80\nbackend = app\n[backend app]\n"
                "server = d 127.0.0.1:1\nserver = a 127.0.0.1:2\n"
                "server = c 127.0.0.1:3\nserver = b 127.0.0.1:4\n",
                "[frontend web]\nbind = 127.0.0.1:80\nbackend = app\n[backend app]\n"
                "server = b 127.0.0.1:5\nserver = e 127.0.0.1:9\n"
                "server = a 127.0.0.1:2\nserver = d 127.0.0.1:6\n");

    cr_expect_str_eq(report, "server app/d: address 127.0.0.1:1 -> 127.0.0.1:6\n"
                             "server app/c removed\n"
                             "server app/b: address 127.0.0.1:4 -> 127.0.0.1:5\n"
                             "server app/e added\n");
}

Test(difference, sees_no_other_order_in_lines_that_came_and_went)
{
    const char *report = between(APP WEB
                                 "route = a -> app\nroute = b -> app\nroute = c -> app\n",
                                 APP WEB
                                 "route = x -> app\nroute = a -> app\nroute = y -> app\n"
                                 "route = c -> app\n");

    cr_expect_str_eq(report, "frontend web: route b -> app removed\n"
                             "frontend web: route x -> app added\n"
                             "frontend web: route y -> app added\n");
}

Test(difference, reports_what_only_a_restart_can_change)
{
    struct settings *old = read_good("x.ini",
                                     GOOD "[global]\nworkers = 2\nuser = root\n");
    struct settings *new = read_good("x.ini",
                                     GOOD "[global]\nmaxconn = 9\nworkers = 4\n");
    struct problems *problems = problems_create();

    cr_expect(difference_in_fixed(old, new, problems));
    problems_write(problems, &out);
    cr_expect_str_eq(buffer_text(&out),
                     "x.ini:6: user = none: only a restart can change it from root\n"
                     "x.ini:8: workers = 4: only a restart can change it from 2\n");
    cr_expect_not(difference_in_fixed(old, old, problems));
    cr_expect_eq(problems_count(problems), 2);
    problems_destroy(problems);
    settings_destroy(old);
    settings_destroy(new);
}
