#include "reading.h"

#define TWO                                                                              \
    WEB APP "[backend b]\nserver = a 127.0.0.1:1\n[frontend x]\nbind = :81\n"            \
            "backend = b\n"

/* Cases stand on line 11, in [frontend x]. */
Test(routing, reports_wrong_routes)
{
    static const struct wrong_case cases[] = {
        { TWO "route = a.example app\n",
          "x.ini:11: route = a.example app: write CONDITION ... -> BACKEND\n" },
        { TWO "route = a.example->app\n",
          "x.ini:11: route = a.example->app: write CONDITION ... -> BACKEND\n" },
        { TWO "route = -> app\n",
          "x.ini:11: route = -> app: write CONDITION ... -> BACKEND\n" },
        { TWO "route = a.example ->\n",
          "x.ini:11: route = a.example ->: write CONDITION ... -> BACKEND\n" },
        { TWO "route = a.example -> app b\n",
          "x.ini:11: route = a.example -> app b: write CONDITION ... -> BACKEND\n" },
        { TWO "route =\n", "x.ini:11: route = : a value is missing\n" },
        { TWO "route = a.example -> a/b\n",
          "x.ini:11: route = a.example -> a/b: a/b: a name has only letters, digits and "
          ". : _ -\n" },
        { TWO "route = a.example 0% -> app\n",
          "x.ini:11: route = a.example 0% -> app: 0%: a share must be 1% to 100%\n" },
        { TWO "route = 10.0.0.1/8 -> app\n",
          "x.ini:11: route = 10.0.0.1/8 -> app: 10.0.0.1/8: the address has bits set "
          "behind the prefix: 10.0.0.0/8, not 10.1.2.3/8\n" },
        { TWO "route = a.example -> apps\n",
          "x.ini:11: route = a.example -> apps: there is no [backend apps]; did you mean "
          "\"app\"?\n" },
        { TWO "route = a.example -> other\n",
          "x.ini:11: route = a.example -> other: there is no [backend other]\n" },
        { GOOD "[defaults]\nroute = a.example -> app\n",
          "x.ini:7: \"route\" belongs in [frontend ...], not in [defaults]\n" },
    };

    expect_wrong_cases(cases);
}

Test(routing, reports_what_routes_say_twice)
{
    static const struct wrong_case cases[] = {
        { TWO "route = a.example b.example -> app\nroute = no-tls B.example. -> b\n",
          "x.ini:12: route = no-tls B.example. -> b: b.example stands at x.ini:11 "
          "already\n" },
        { TWO "route = a.example a.example -> app\n",
          "x.ini:11: route = a.example a.example -> app: a.example stands at x.ini:11 "
          "already\n" },
        { TWO "route = alpn:h2 no-name -> app\nroute = no-name alpn:h2 -> b\n",
          "x.ini:12: route = no-name alpn:h2 -> b: no-name stands at x.ini:11 already\n"
          "x.ini:12: route = no-name alpn:h2 -> b: alpn:h2 stands at x.ini:11 "
          "already\n" },
        { TWO "route = 10.0.0.1 -> app\nroute = 10.0.0.1/32 -> b\n",
          "x.ini:12: route = 10.0.0.1/32 -> b: 10.0.0.1/32 stands at x.ini:11 "
          "already\n" },
    };

    expect_wrong_cases(cases);
}

Test(routing, has_no_more_than_all_clients_to_share)
{
    static const struct wrong_case cases[] = {
        { TWO "route = 60% -> app\nroute = 41% -> b\nroute = 1% -> b\n",
          "x.ini:12: route = 41% -> b: the shares up to here are 101%, more than all "
          "clients\n" },
        { TWO "route = 60% -> app\nroute = no-tls -> b\nroute = 30% 20% -> b\n",
          "x.ini:13: route = 30% 20% -> b: the shares up to here are 110%, more than all "
          "clients\n" },
    };

    expect_wrong_cases(cases);
}

Test(routing, gives_each_share_a_range_of_its_own)
{
    struct settings *settings =
        read_good("x.ini", TWO "route = 10% -> app\nroute = a.example 20%  ->  app\n"
                               "route = *.B.example 10.0.0.0/8 70% -> app\n");
    const struct frontend_settings *frontend = &settings->frontends[1];
    const struct route_settings *routes = frontend->routes;

    cr_assert_eq(frontend->route_count, 3);
    cr_expect_eq(routes[0].place.line, 11);
    cr_expect_str_eq(routes[0].text, "10% -> app");
    cr_expect_str_eq(routes[1].backend, "app");
    cr_expect_eq(routes[0].conditions[0].share_begin, 0);
    cr_assert_eq(routes[1].condition_count, 2);
    cr_expect_str_eq(routes[1].conditions[0].text, "a.example");
    cr_expect_eq(routes[1].conditions[1].share_begin, 10);
    cr_expect_eq(routes[1].conditions[1].percent, 20);
    cr_assert_eq(routes[2].condition_count, 3);
    cr_expect_str_eq(routes[2].conditions[0].text, "*.b.example");
    cr_expect_eq(routes[2].conditions[1].kind, ROUTE_NETWORK);
    cr_expect_eq(routes[2].conditions[2].share_begin, 30);
    cr_expect_eq(settings->frontends[0].route_count, 0);
    settings_destroy(settings);
}

Test(routing, goes_by_name_with_and_without_a_certificate)
{
    settings_destroy(read_good("x.ini", TWO "route = a.example -> app\n"));
    settings_destroy(read_good("x.ini", TWO "route = alpn:h2 -> app\ntls-cert = /x\n"
                                            "tls-alpn = h2\n"));
}

Test(routing, warns_of_routes_that_are_never_taken)
{
    struct buffer report = { 0 };
    struct settings *settings = read_reported(
        "x.ini",
        TWO "tls-cert = /x.pem\nroute = no-tls 40% -> app\nroute = 60% -> app\n"
            "route = a.example -> b\n",
        &report);

    cr_expect(settings);
    cr_expect_str_eq(buffer_text(&report),
                     "x.ini:12: warning: route = no-tls 40% -> app: no-tls never fits: "
                     "with a tls-cert, every client speaks TLS\n"
                     "x.ini:14: warning: route = a.example -> b: is never reached: the "
                     "shares before it are all clients\n");
    buffer_deinit(&report);
    settings_destroy(settings);
}

Test(routing, warns_of_what_no_client_can_want)
{
    struct buffer report = { 0 };
    struct settings *settings = read_reported(
        "x.ini",
        TWO "tls-cert = /x.pem\ntls-alpn = h2,http/1.1\nroute = alpn:h2 -> b\n"
            "route = alpn:http/1 -> b\nroute = *.b.example no-name -> app\n"
            "route = a.b.example c.example -> b\nroute = b.example *.c.example -> b\n"
            "route = 50% 10.0.0.0/8 -> b\n",
        &report);

    cr_expect(settings);
    cr_expect_str_eq(buffer_text(&report),
                     "x.ini:14: warning: route = alpn:http/1 -> b: this protocol never "
                     "fits: tls-alpn does not offer it\n"
                     "x.ini:16: warning: route = a.b.example c.example -> b: a.b.example "
                     "is never reached: the route at x.ini:15 covers it\n");
    buffer_deinit(&report);
    settings_destroy(settings);
}
