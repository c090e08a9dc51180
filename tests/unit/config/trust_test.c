#include "reading.h"

#define IN_FRONTEND GOOD "[frontend b]\nbind = :81\nbackend = app\n"

TestSuite(trust, .init = enter_folder, .fini = leave_folder);

/* Cases stand on line 9, in [frontend b]. */
Test(trust, is_a_matter_of_networks_that_can_be_read)
{
    static const struct wrong_case cases[] = {
        { IN_FRONTEND "allow = 10.0.0.0/33\n",
          "x.ini:9: allow = 10.0.0.0/33: the prefix of an IPv4 network is 0 to 32\n" },
        { IN_FRONTEND "deny = 10.0.0.0/8, 10.0.0.1/8, ::/0, example.com\n",
          "x.ini:9: deny = 10.0.0.1/8: the address has bits set behind the prefix: "
          "10.0.0.0/8, not 10.1.2.3/8\n"
          "x.ini:9: deny = example.com: a network is an IPv4 or IPv6 address, and may "
          "have a prefix: 10.0.0.0/8\n" },
        { IN_FRONTEND "accept-proxy-from = 10.0.0.0/8 10.0.0.1\n",
          "x.ini:9: accept-proxy-from = 10.0.0.0/8 10.0.0.1: write accept-proxy-from = "
          "NETWORK or /FILE, ...\n" },
        { IN_FRONTEND "allow = 10.0.0.0/8,\n",
          "x.ini:9: allow = 10.0.0.0/8,: write allow = NETWORK or /FILE, ...\n" },
        { IN_FRONTEND "allow =\n",
          "x.ini:9: allow = : write allow = NETWORK or /FILE, ...\n" },
        { IN_FRONTEND "deny = /no/such/file\n",
          "x.ini:9: cannot open /no/such/file: No such file or directory\n" },
        { IN_FRONTEND "deny = 10.0.0.1, /tmp\n",
          "x.ini:9: cannot open /tmp: Is a directory\n" },
        { IN_FRONTEND "deny = /dev/null\n",
          "x.ini:9: cannot open /dev/null: it is no file\n" },
    };

    expect_wrong_cases(cases);
}

Test(trust, finds_what_is_wrong_in_files_of_networks)
{
    struct buffer text = { 0 }, report = { 0 }, wanted = { 0 };

    write_file("blocked", "10.0.0.0/8\n\n# a comment\n10.0.0.0/99\n");
    buffer_format(&text, IN_FRONTEND "deny = %s/blocked\n", own_folder);
    buffer_format(&wanted,
                  "%s/blocked:4: 10.0.0.0/99: the prefix of an IPv4 network is 0 to 32\n",
                  own_folder);
    cr_expect_null(read_reported("x.ini", buffer_text(&text), &report));
    cr_expect_str_eq(buffer_text(&report), buffer_text(&wanted));
    buffer_deinit(&text);
    buffer_deinit(&report);
    buffer_deinit(&wanted);
}

Test(trust, keeps_networks_in_their_order)
{
    struct buffer text = { 0 };
    struct settings *settings;
    const struct frontend_settings *frontend;

    write_file("blocked", "10.0.0.0/8\n");
    buffer_format(&text,
                  IN_FRONTEND "accept-proxy-from = 127.0.0.1\nallow = 10.0.0.0/8 , ::1\n"
                              "deny = %s/blocked\nallow = 192.0.2.0/24\n",
                  own_folder);
    settings = read_good("x.ini", buffer_text(&text));
    frontend = &settings->frontends[1];
    cr_assert_eq(frontend->proxy_from_count, 1);
    cr_expect_eq(frontend->proxy_from[0].network.bits, 128);
    cr_assert_eq(frontend->allow_count, 3);
    cr_expect_str_eq(frontend->allow[0].text, "10.0.0.0/8");
    cr_expect_eq(frontend->allow[0].network.bits, 104);
    cr_expect_str_eq(frontend->allow[1].text, "::1");
    cr_expect_eq(frontend->allow[1].place.line, 10);
    cr_expect_eq(frontend->allow[2].place.line, 12);
    cr_assert_eq(frontend->deny_count, 1);
    cr_expect(frontend->deny[0].is_file);
    cr_expect_not(frontend->allow[0].is_file);
    buffer_deinit(&text);
    settings_destroy(settings);
}

Test(trust, in_clients_needs_to_know_who_signed_them)
{
    static const struct wrong_case cases[] = {
        { IN_FRONTEND "tls-cert = /x\ntls-verify = required\n",
          "x.ini:10: tls-verify = required: needs \"tls-client-ca\"\n" },
        { IN_FRONTEND "tls-cert = /x\ntls-verify = optional\n",
          "x.ini:10: tls-verify = optional: needs \"tls-client-ca\"\n" },
        { IN_FRONTEND "tls-cert = /x\n[defaults]\ntls-verify = required\n",
          "x.ini:6: tls-verify = required: needs \"tls-client-ca\"\n" },
    };

    expect_wrong_cases(cases);
    settings_destroy(read_good("x.ini",
                               IN_FRONTEND "tls-cert = /x\ntls-verify = required\n"
                                           "[defaults]\ntls-client-ca = /ca\n"));
    settings_destroy(read_good("x.ini", GOOD "[defaults]\ntls-verify = required\n"));
}

Test(trust, is_warned_of_where_it_is_without_effect)
{
    struct buffer report = { 0 };
    struct settings *settings = read_reported(
        "x.ini",
        IN_FRONTEND "allow = 10.0.0.1, ::1\nallow = 10.0.0.1/32\ndeny = ::1/128\n"
                    "deny = 192.0.2.1\ndeny = 192.0.2.1\n"
                    "tls-cert = /x\ntls-client-ca = /ca\n"
                    "[backend c]\nserver = a 127.0.0.1:1\nsource = 10.0.0.1, 10.0.0.1\n"
                    "server-tls = yes\nserver-tls-ca = /ca\nserver-tls-verify = no\n"
                    "[frontend c]\nbind = :82\nbackend = c\n",
        &report);

    cr_expect(settings);
    cr_expect_str_eq(
        buffer_text(&report),
        "x.ini:10: warning: allow = 10.0.0.1/32: stands at x.ini:9 already\n"
        "x.ini:11: warning: deny = ::1/128: is allowed at x.ini:9\n"
        "x.ini:13: warning: deny = 192.0.2.1: stands at x.ini:12 already\n"
        "x.ini:15: warning: tls-client-ca = /ca: no client is asked for a certificate "
        "while tls-verify is none\n"
        "x.ini:18: warning: source = 10.0.0.1: stands at x.ini:18 already\n"
        "x.ini:20: warning: server-tls-ca = /ca: no server is verified while "
        "server-tls-verify is no\n");
    buffer_deinit(&report);
    settings_destroy(settings);
}
