#include "reading.h"

Test(item, refuses_wrong_servers)
{
    static const struct wrong_case cases[] = {
        { WEB "[backend app]\nserver = a\n",
          "x.ini:5: server = a: write server = NAME ADDRESS [weight=N] [backup] "
          "[maxconn=N] [OPTION=VALUE ...]\n" },
        { WEB "[backend app]\nserver =\n",
          "x.ini:5: server = : write server = NAME ADDRESS [weight=N] [backup] "
          "[maxconn=N] [OPTION=VALUE ...]\n" },
        { GOOD "server = b/c 127.0.0.1:1\n",
          "x.ini:6: server = b/c: a name has only letters, digits and . : _ -\n" },
        { GOOD "server = b 127.0.0.1\n",
          "x.ini:6: server = b: 127.0.0.1: a port is missing: write HOST:PORT\n" },
        { GOOD "server = b 127.0.0.1:0\n",
          "x.ini:6: server = b: 127.0.0.1:0: the port of a server must be 1 to 65535\n" },
        { GOOD "server = b fd@3\n",
          "x.ini:6: server = b: fd@3: a server cannot be a descriptor\n" },
        { GOOD "server = b ::1:80\n",
          "x.ini:6: server = b: ::1:80: an IPv6 address goes into brackets: [::1]:80\n" },
        { GOOD "server = b/ 127.0.0.1 weight=300 bakcup\n",
          "x.ini:6: server = b/: a name has only letters, digits and . : _ -\n"
          "x.ini:6: server = b/: 127.0.0.1: a port is missing: write HOST:PORT\n"
          "x.ini:6: server = b/: weight=300: must be 0 to 256\n"
          "x.ini:6: server = b/: bakcup: unknown option; did you mean \"backup\"?\n" },
        { GOOD "server = b 127.0.0.1:1 weight\n",
          "x.ini:6: server = b: weight: a value is missing: write weight=VALUE\n" },
        { GOOD "server = b 127.0.0.1:1 weight=\n",
          "x.ini:6: server = b: weight=: a value is missing\n" },
        { GOOD "server = b 127.0.0.1:1 backup=yes\n",
          "x.ini:6: server = b: backup=yes: takes no value\n" },
        { GOOD "server = b 127.0.0.1:1 weight=1 weight=1\n",
          "x.ini:6: server = b: weight=1: is given twice\n" },
        { GOOD "server = b 127.0.0.1:1 inter=2s\n",
          "x.ini:6: server = b: inter: unknown option\n" },
        { GOOD "server = b 127.0.0.1:1 x x x x x x x x x x x x x x x\n",
          "x.ini:6: server = b 127.0.0.1:1 x x x x x x x x x x x x x x x: write server = "
          "NAME ADDRESS [weight=N] [backup] [maxconn=N] [OPTION=VALUE ...]\n" },
    };

    expect_wrong_cases(cases);
}

Test(item, refuses_wrong_binds)
{
    static const struct wrong_case cases[] = {
        { GOOD "[frontend b]\nbackend = app\nbind = 80\n",
          "x.ini:8: bind = 80: a colon is missing: write :PORT for a port of every "
          "address\n" },
        { GOOD "[frontend b]\nbackend = app\nbind = localhost:81\n",
          "x.ini:8: bind = localhost:81: a numeric address is needed, such as "
          "127.0.0.1:80, [::1]:80 or :80\n" },
        { GOOD "[frontend b]\nbackend = app\nbind = :81 backlog=0\n",
          "x.ini:8: bind = :81: backlog=0: must be 1 to 65535\n" },
        { GOOD "[frontend b]\nbackend = app\nbind = 0.0.0.0:81 v6only\n",
          "x.ini:8: bind = 0.0.0.0:81: v6only: is for IPv6 addresses only\n" },
        { GOOD "[frontend b]\nbackend = app\nbind = :81 mode=0600\n",
          "x.ini:8: bind = :81: mode=0600: is for unix: addresses only\n" },
        { GOOD "[frontend b]\nbackend = app\nbind = unix:/tmp/s mode=rw\n",
          "x.ini:8: bind = unix:/tmp/s: mode=rw: permissions are expected as three or "
          "four octal digits, such as 0600\n" },
        { GOOD "[frontend b]\nbackend = app\nbind = unix:/tmp/s mode=4777\n",
          "x.ini:8: bind = unix:/tmp/s: mode=4777: must be 0000 to 0777\n" },
    };

    expect_wrong_cases(cases);
}

Test(item, wants_the_address_of_http_said)
{
    static const struct wrong_case cases[] = {
        { GOOD "[admin]\nsocket = /tmp/s\nhttp = :8404\n",
          "x.ini:8: http = :8404: say which address: 127.0.0.1:8404, or 0.0.0.0:8404 to "
          "let everybody see\n" },
        { GOOD "[admin]\nsocket = /tmp/s\nhttp = *:8404\n",
          "x.ini:8: http = *:8404: say which address: 127.0.0.1:8404, or 0.0.0.0:8404 to "
          "let everybody see\n" },
        { GOOD "[admin]\nsocket = /tmp/s\nhttp = fd@3\n",
          "x.ini:8: http = fd@3: a descriptor cannot be used for HTTP\n" },
        { GOOD "[admin]\nsocket = /tmp/s\nhttp = 127.0.0.1:8404 mode=0600\n",
          "x.ini:8: http = 127.0.0.1:8404: mode=0600: is for unix: addresses only\n" },
    };

    expect_wrong_cases(cases);
}

Test(item, refuses_wrong_sockets)
{
    static const struct wrong_case cases[] = {
        { GOOD "[admin]\nsocket = usher.sock\n",
          "x.ini:7: socket = usher.sock: write a path that begins with /, or "
          "127.0.0.1:PORT or [::1]:PORT\n" },
        { GOOD "[admin]\nsocket = /tmp/s level=root\n",
          "x.ini:7: socket = /tmp/s: level=root: must be user, operator or admin\n" },
        { GOOD "[admin]\nsocket = /tmp/s user=no-such-user\n",
          "x.ini:7: socket = /tmp/s: user=no-such-user: there is no such user\n" },
        { GOOD "[admin]\nsocket = /tmp/"
               "0123456789012345678901234567890123456789012345678901234567890123456789"
               "01234567890123456789012345678901234\n",
          "x.ini:7: socket = /tmp/"
          "0123456789012345678901234567890123456789012345678901234567890123456789"
          "01234567890123456789012345678901234: the path of a UNIX socket is longer than "
          "107 characters\n" },
    };

    expect_wrong_cases(cases);
}

Test(item, refuses_servers_that_are_called_like_rows_of_show_stat)
{
    static const struct wrong_case cases[] = {
        { GOOD "server = FRONTEND 127.0.0.1:1\n",
          "x.ini:6: server = FRONTEND: write another name than FRONTEND and BACKEND\n" },
        { GOOD "server = BACKEND 127.0.0.1:1\n",
          "x.ini:6: server = BACKEND: write another name than FRONTEND and BACKEND\n" },
    };

    expect_wrong_cases(cases);
}

Test(item, refuses_wrong_sources)
{
    static const struct wrong_case cases[] = {
        { GOOD "source = 192.0.2.1:80\n",
          "x.ini:6: source = 192.0.2.1:80: an IP address without a port is expected, "
          "such as 192.0.2.1 or 2001:db8::1\n" },
        { GOOD "source = 192.0.2.1, host, unix:/x, [::1]\n",
          "x.ini:6: source = host: an IP address without a port is expected, such as "
          "192.0.2.1 or 2001:db8::1\n"
          "x.ini:6: source = unix:/x: an IP address without a port is expected, such as "
          "192.0.2.1 or 2001:db8::1\n"
          "x.ini:6: source = [::1]: an IP address without a port is expected, such as "
          "192.0.2.1 or 2001:db8::1\n" },
        { GOOD "source = 192.0.2.1,, 192.0.2.2\n",
          "x.ini:6: source = 192.0.2.1,, 192.0.2.2: write source = IP, ...\n" },
        { GOOD "source = 192.0.2.1 192.0.2.2\n",
          "x.ini:6: source = 192.0.2.1 192.0.2.2: write source = IP, ...\n" },
    };

    expect_wrong_cases(cases);
}

Test(item, takes_commas_for_lines)
{
    struct settings *settings = read_good("x.ini", GOOD
                                          "source = 192.0.2.1,2001:db8::1 , 192.0.2.2\n"
                                          "source = 192.0.2.3\n");
    const struct source_settings *sources = settings->backends[0].sources;
    static const char *const wanted[] = { "192.0.2.1", "2001:db8::1", "192.0.2.2",
                                          "192.0.2.3" };

    cr_assert_eq(settings->backends[0].source_count, 4);
    for (size_t i = 0; i < 4; i++) {
        cr_expect_str_eq(sources[i].text, wanted[i]);
        cr_expect_str_eq(address_host(&sources[i].address).chars, wanted[i]);
        cr_expect_eq(address_port(&sources[i].address), 0);
        cr_expect_eq(sources[i].place.line, i < 3 ? 6 : 7);
    }
    settings_destroy(settings);
}

Test(item, makes_an_array_of_plain_words)
{
    struct settings *settings = read_good("x.ini", APP WEB "\ntls-cert = /a.pem\n"
                                                           "tls-min = 1.3\n"
                                                           "tls-cert = /b,c\n");
    const struct tls_acceptor_settings *tls = &settings->frontends[0].tls;

    cr_assert_eq(tls->path_count, 2);
    cr_expect_str_eq(tls->paths[0], "/a.pem");
    cr_expect_str_eq(tls->paths[1], "/b,c");
    cr_expect_eq(tls->place.line, 7);
    cr_expect_str_eq(tls->policy, "web");
    settings_destroy(settings);
}

Test(item, keeps_lines_in_their_order_with_all_they_say)
{
    struct settings *settings = read_good(
        "x.ini",
        "[frontend web]\nbind = [::1]:80 v6only backlog=9\nbackend = app\n"
        "bind = unix:/tmp/web mode=0666\nbind = fd@3\n"
        "[backend app]\nserver = a db.example:5432 weight=0 maxconn=7 backup\n"
        "balance = first\nserver = b unix:/tmp/b\n"
        "[admin]\nsocket = /tmp/a mode=0660 level=operator user=root group=root\n"
        "socket = /tmp/b\n");
    const struct bind_settings *binds = settings->frontends[0].binds;
    const struct server_settings *servers = settings->backends[0].servers;
    const struct admin_socket_settings *sockets = settings->admin.sockets;

    cr_assert_eq(settings->frontends[0].bind_count, 3);
    cr_expect_str_eq(binds[0].text, "[::1]:80");
    cr_expect(binds[0].only_ip6);
    cr_expect_eq(binds[0].backlog, 9);
    cr_expect_eq(binds[1].place.line, 4);
    cr_expect_eq(binds[1].mode, 0666);
    cr_expect_eq(binds[1].backlog, 4096);
    cr_expect_eq(binds[2].where.fd, 3);
    cr_assert_eq(settings->backends[0].server_count, 2);
    cr_expect_str_eq(servers[0].name, "a");
    cr_expect_str_eq(servers[0].text, "db.example:5432");
    cr_expect_eq(servers[0].destination.kind, ADDRESS_NAME);
    cr_expect_eq(servers[0].weight, 0);
    cr_expect_eq(servers[0].maxconn, 7);
    cr_expect(servers[0].backup);
    cr_expect_eq(servers[1].weight, 1);
    cr_expect_not(servers[1].backup);
    cr_expect_eq(servers[1].place.line, 9);
    cr_assert_eq(settings->admin.socket_count, 2);
    cr_expect_eq(sockets[0].level, ADMIN_LEVEL_OPERATOR);
    cr_expect_eq(sockets[0].mode, 0660);
    cr_expect_str_eq(sockets[0].user, "root");
    cr_expect_eq(sockets[1].level, ADMIN_LEVEL_ADMIN);
    cr_expect_eq(sockets[1].mode, 0600);
    cr_expect_null(sockets[1].group);
    settings_destroy(settings);
}
