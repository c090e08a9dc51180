#include "reading.h"

Test(consistency, reports_what_no_key_can_know_alone)
{
    static const struct wrong_case cases[] = {
        { "", "x.ini: there is no [frontend NAME]\n" },
        { APP, "x.ini: there is no [frontend NAME]\n" },
        { "[frontend web]\nbind = :80\nbackend = apps\n" APP,
          "x.ini:3: backend = apps: there is no [backend apps]; "
          "did you mean \"app\"?\n" },
        { "[frontend web]\nbind = :80\nbackend = other\n" APP,
          "x.ini:3: backend = other: there is no [backend other]\n" },
        { GOOD "server = b 127.0.0.1:2\nserver = a 127.0.0.1:3\n",
          "x.ini:7: server = a: the server at x.ini:5 has this name already\n" },
        { GOOD "[frontend b]\nbackend = app\nbind = :81\nbind = [::]:80\n",
          "x.ini:9: bind = [::]:80: is bound at x.ini:2 already\n" },
        { GOOD "[frontend b]\nbackend = app\nbind = fd@3\nbind = fd@3\n",
          "x.ini:9: bind = fd@3: is bound at x.ini:8 already\n" },
        { GOOD "[frontend b]\nbackend = app\nbind = unix:/tmp/s\nbind = unix:/tmp/s\n",
          "x.ini:9: bind = unix:/tmp/s: is bound at x.ini:8 already\n" },
        { GOOD "[admin]\nsocket = /tmp/a\nsocket = /tmp/b\nsocket = /tmp/a mode=0666\n",
          "x.ini:9: socket = /tmp/a: stands at x.ini:7 already\n" },
    };

    expect_wrong_cases(cases);
}

Test(consistency, allows_any_port_often_and_equal_names_of_different_kinds)
{
    settings_destroy(read_good("x.ini", "[frontend app]\nbind = 127.0.0.1:0\n"
                                        "bind = 127.0.0.1:0\nbackend = app\n" APP
                                        "[backend b]\nserver = a 127.0.0.1:9001\n"
                                        "[frontend b]\nbind = :80\nbackend = b\n"));
}

Test(consistency, counts_backends_of_routes_as_used)
{
    settings_destroy(read_good("x.ini", APP WEB "route = a.example -> b\n"
                                                "[backend b]\nserver = a 127.0.0.1:1\n"));
}

Test(consistency, wants_to_know_where_the_agent_of_a_unix_socket_is)
{
    static const struct wrong_case cases[] = {
        { WEB "[backend app]\nserver = a unix:/tmp/a agent-port=9099\n",
          "x.ini:5: server = a: has an agent-port and is a UNIX socket; where its "
          "agent is says agent-address\n" },
        { WEB "[backend app]\nagent-port = 9099\nserver = a unix:/tmp/a\n",
          "x.ini:6: server = a: has an agent-port and is a UNIX socket; where its "
          "agent is says agent-address\n" },
    };

    expect_wrong_cases(cases);
    settings_destroy(read_good("x.ini", WEB "[backend app]\nagent-address = 127.0.0.1\n"
                                            "server = a unix:/tmp/a agent-port=9099\n"));
}

Test(consistency, warns_without_refusing)
{
    struct buffer report = { 0 };
    struct settings *settings = read_reported(
        "x.ini",
        GOOD "connect-timeout = 20s\n[defaults]\ncheck-interval-changing = 3s\n"
             "[backend old]\ncheck = off\nserver = a 127.0.0.1:1\n",
        &report);

    cr_expect(settings);
    cr_expect_str_eq(
        buffer_text(&report),
        "x.ini:4: warning: check-interval-changing 3s is longer than "
        "check-interval 2s: a change is confirmed more slowly than it is "
        "noticed\n"
        "x.ini:6: warning: connect-timeout 20s is longer than connect-budget "
        "15s: no server is ever given all of it\n"
        "x.ini:9: warning: no frontend uses [backend old]\n");
    buffer_deinit(&report);
    settings_destroy(settings);
}
