#include "reading.h"

#include "backend/balancer.h"
#include "base/log.h"
#include "health/probe.h"

Test(settings, reports_sections_that_do_not_exist)
{
    static const struct wrong_case cases[] = {
        { GOOD "[fronted b]\nbind = :81\n",
          "x.ini:6: unknown section [fronted b]; did you mean [frontend NAME]?\n" },
        { GOOD "[globals]\nlog = stderr\n",
          "x.ini:6: unknown section [globals]; did you mean [global]?\n" },
        { GOOD "[listen b]\nbind = :81\n", "x.ini:6: unknown section [listen b]\n" },
        { GOOD "[global b]\nlog = stderr\n",
          "x.ini:6: [global b]: this section has no name\n" },
        { GOOD "[defaults b]\nrise = 2\n",
          "x.ini:6: [defaults b]: this section has no name\n" },
        { GOOD "[backend]\nserver = a 127.0.0.1:1\n",
          "x.ini:6: [backend]: a name is missing behind the word\n" },
        { GOOD "[backend a/b]\nserver = a 127.0.0.1:1\n",
          "x.ini:6: [backend a/b]: a name has only letters, digits and . : _ -\n" },
        { GOOD "[backend 012345678901234567890123456789012345678901234567]\n"
               "server = a 127.0.0.1:1\n",
          "x.ini:6: [backend 012345678901234567890123456789012345678901234567]: a name "
          "is at most 47 characters long\n" },
    };

    expect_wrong_cases(cases);
}

Test(settings, reports_everything_at_once_in_the_order_of_the_file)
{
    static const struct wrong_case cases[] = {
        { "[frontend web]\n"
          "bind: :80\n"
          "bind = 80\n"
          "backend = appp\n"
          "[backend app]\n"
          "blance = first\n"
          "rise = 0\n"
          "server = a 127.0.0.1\n"
          "[globl]\n",
          "x.ini:2: \"bind: :80\": write `key = value`\n"
          "x.ini:3: bind = 80: a colon is missing: write :PORT for a port of every "
          "address\n"
          "x.ini:4: backend = appp: there is no [backend appp]; did you mean \"app\"?\n"
          "x.ini:6: unknown key \"blance\" in [backend app]; did you mean \"balance\"?\n"
          "x.ini:7: rise = 0: must be 1 to 100\n"
          "x.ini:8: server = a: 127.0.0.1: a port is missing: write HOST:PORT\n"
          "x.ini:9: [globl] is empty\n"
          "x.ini:9: unknown section [globl]; did you mean [global]?\n" },
    };

    expect_wrong_cases(cases);
}

Test(settings, does_not_judge_what_an_unset_variable_hides)
{
    static const struct wrong_case cases[] = {
        { "[frontend web]\nbind = :${USHER_UNSET}\nbackend = ${USHER_UNSET}\n" APP,
          "x.ini:2: the environment variable \"USHER_UNSET\" is not set\n"
          "x.ini:3: the environment variable \"USHER_UNSET\" is not set\n" },
    };

    (void)unsetenv("USHER_UNSET");
    expect_wrong_cases(cases);
}

Test(settings, start_as_the_table_says)
{
    struct settings *settings = read_good("x.ini", GOOD);
    const struct global_settings *global = &settings->global;
    const struct frontend_settings *frontend = &settings->frontends[0];
    const struct backend_settings *backend = &settings->backends[0];
    const struct check_settings *check = &settings->checks[0];

    cr_expect_eq(global->workers, 0);
    cr_expect_eq(global->maxconn, 0);
    cr_expect_null(global->user);
    cr_expect_null(global->group);
    cr_expect_null(global->pid_file);
    cr_expect_null(global->node);
    cr_expect_str_eq(global->log, "stderr");
    cr_expect_eq(global->log_level, LEVEL_INFO);
    cr_expect_eq(global->drain_timeout_ms, 30000);
    cr_expect_eq(global->start_wait_ms, 2000);
    cr_expect_eq(settings->admin.socket_count, 0);
    cr_expect_eq(settings->admin.timeout_ms, 10000);
    cr_expect_eq(settings->admin.most_clients, 64);
    cr_expect_eq(frontend->maxconn, 0);
    cr_expect_eq(frontend->idle_timeout_ms, 3600000);
    cr_expect_eq(frontend->half_closed_timeout_ms, 30000);
    cr_expect_eq(frontend->peer_timeout_ms, 30000);
    cr_expect_eq(frontend->session_log, SESSION_LOG_CLOSE);
    cr_expect_eq(frontend->when_empty.what, WHEN_EMPTY_REFUSE);
    cr_expect_eq(frontend->greet_timeout_ms, 5000);
    cr_expect_eq(frontend->tls.path_count, 0);
    cr_expect_null(frontend->tls.client_ca);
    cr_expect_null(frontend->tls.rules.alpn);
    cr_expect_eq(frontend->tls.rules.min_version, TLS_1_2);
    cr_expect_eq(frontend->tls.verify, TLS_VERIFY_NONE);
    cr_expect_eq(frontend->session_rate, 0);
    cr_expect_eq(frontend->client_rate, 0);
    cr_expect_eq(frontend->client_maxconn, 0);
    cr_expect_not(backend->server_tls);
    cr_expect(backend->tls.verify);
    cr_expect_null(backend->tls.ca);
    cr_expect_eq(backend->send_proxy, SEND_PROXY_NO);
    cr_expect_eq(backend->source_count, 0);
    cr_expect_str_eq(balancer_name(backend->balancer), "roundrobin");
    cr_expect_eq(backend->connect_timeout_ms, 5000);
    cr_expect_eq(backend->connect_budget_ms, 15000);
    cr_expect_eq(backend->queue_timeout_ms, 5000);
    cr_expect_eq(backend->peer_timeout_ms, 30000);
    cr_expect_eq(backend->retries, 10);
    cr_expect_eq(backend->queue_limit, 1024);
    cr_expect_str_eq(probe_kind_name(check->choice.kind), "connect");
    cr_expect_eq(check->interval_ms, 2000);
    cr_expect_eq(check->changing_interval_ms, 500);
    cr_expect_eq(check->down_interval_ms, 2000);
    cr_expect_eq(check->timeout_ms, 2000);
    cr_expect_eq(check->rise, 2);
    cr_expect_eq(check->fall, 3);
    settings_destroy(settings);
}

Test(settings, hold_all_that_is_said_of_tls_towards_clients)
{
    struct settings *settings = read_good(
        "x.ini", APP WEB "tls-cert = /web.pem\ntls-strict-sni = yes\ntls-min = 1.3\n"
                         "tls-ciphers = A:B\ntls-ciphersuites = C\ntls-groups = D\n"
                         "tls-alpn = h2 , http/1.1\ntls-alpn-strict = on\n"
                         "tls-client-ca = /ca.pem\ntls-crl = /crl.pem\n"
                         "tls-verify = optional\ngreet-timeout = 1ms\n"
                         "session-rate = 7\nclient-maxconn = 8\nclient-rate = 9\n");
    const struct frontend_settings *frontend = &settings->frontends[0];
    const struct tls_acceptor_settings *tls = &frontend->tls;

    cr_expect(tls->strict_sni);
    cr_expect_eq(tls->rules.min_version, TLS_1_3);
    cr_expect_str_eq(tls->rules.ciphers, "A:B");
    cr_expect_str_eq(tls->rules.ciphersuites, "C");
    cr_expect_str_eq(tls->rules.groups, "D");
    cr_expect_str_eq(tls->rules.alpn, "h2,http/1.1");
    cr_expect(tls->alpn_strict);
    cr_expect_str_eq(tls->client_ca, "/ca.pem");
    cr_expect_str_eq(tls->crl, "/crl.pem");
    cr_expect_eq(tls->verify, TLS_VERIFY_OPTIONAL);
    cr_expect_eq(frontend->greet_timeout_ms, 1);
    cr_expect_eq(frontend->session_rate, 7);
    cr_expect_eq(frontend->client_maxconn, 8);
    cr_expect_eq(frontend->client_rate, 9);
    settings_destroy(settings);
}

Test(settings, hold_all_that_is_said_of_tls_towards_servers)
{
    struct settings *settings = read_good(
        "x.ini", GOOD "server-tls-ca = /ca.pem\nserver-tls = yes\n"
                      "server-tls-crl = /crl.pem\nserver-tls-cert = /me.pem\n"
                      "server-tls-name = db.example\nserver-tls-min = 1.3\n"
                      "server-tls-ciphers = A:B\nserver-tls-ciphersuites = C\n"
                      "server-tls-groups = D\nserver-tls-alpn = h2\nsend-proxy = v2\n");
    const struct backend_settings *backend = &settings->backends[0];
    const struct tls_connector_settings *tls = &backend->tls;

    cr_expect(backend->server_tls);
    cr_expect(tls->verify);
    cr_expect_eq(tls->place.line, 7);
    cr_expect_str_eq(tls->ca, "/ca.pem");
    cr_expect_str_eq(tls->crl, "/crl.pem");
    cr_expect_str_eq(tls->certificate, "/me.pem");
    cr_expect_str_eq(tls->name, "db.example");
    cr_expect_eq(tls->rules.min_version, TLS_1_3);
    cr_expect_str_eq(tls->rules.ciphers, "A:B");
    cr_expect_str_eq(tls->rules.ciphersuites, "C");
    cr_expect_str_eq(tls->rules.groups, "D");
    cr_expect_str_eq(tls->rules.alpn, "h2");
    cr_expect_eq(backend->send_proxy, SEND_PROXY_V2);
    settings_destroy(settings);
}

Test(settings, find_backends_by_name)
{
    struct settings *settings = read_good("x.ini", GOOD);

    cr_expect_eq(settings_find_backend(settings, "app"), &settings->backends[0]);
    cr_expect_null(settings_find_backend(settings, "web"));
    settings_destroy(settings);
}

Test(settings, are_read_from_the_files_that_come_with_usher)
{
    struct settings *minimal = read_good("conf/minimal.ini", NULL);
    struct settings *demo = read_good("conf/demo.ini", NULL);

    cr_expect_eq(minimal->backends[0].server_count, 2);
    cr_expect_str_eq(minimal->frontends[0].binds[0].text, ":8080");
    cr_expect_eq(demo->backends[0].server_count, 3);
    cr_expect_str_eq(demo->admin.sockets[0].path, "/tmp/usher-demo.sock");
    cr_expect_eq(demo->checks[0].interval_ms, 500);
    settings_destroy(minimal);
    settings_destroy(demo);
}
