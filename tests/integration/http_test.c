/* HTTP for those who look: a page, the figures, metrics and health, and nothing that a
 * client does there keeps anybody waiting. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/spawn.h"
#include "support/usher.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

TestSuite(http, .timeout = 60);

#define HTTP "[admin]\nhttp = 127.0.0.1:0\n"
#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

enum { CROWD = 200, LONG = 20000, HUGE = 1000000 };

static struct origin *a, *b;

static struct usher *start(const char *more)
{
    a = origin_start("a");
    b = origin_start("b");
    return usher_start("[admin]\nhttp = 127.0.0.1:0\n%s" USHER_WEB USHER_APP
                           USHER_QUICK_CHECKS "server = a %s\nserver = b %s\n",
                       more, origin_address(a), origin_address(b));
}

/* Where it answers; the log tells. */
static const char *http_of(struct usher *usher)
{
    static const char key[] = "address=";
    const char *line = usher_logged(usher, "admin http opened", NULL);
    const char *address = line ? strstr(line, key) : NULL;

    cr_assert(address, "no http in the log");
    address += strlen(key);
    return kept_format("%.*s", (int)strcspn(address, " \n"), address);
}

/* Everything that comes back for these bytes, up to the end. */
static const char *exchange(struct usher *usher, const char *bytes)
{
    struct client *client = client_dial(http_of(usher));
    const char *answer;

    (void)client_try_say(client, bytes);
    answer = client_hear_all(client);
    client_close(client);
    return answer;
}

static unsigned status_of(const char *answer)
{
    return strncmp(answer, "HTTP/1.1 ", 9) ? 0 : (unsigned)atoi(answer + 9);
}

static const char *body_of(const char *answer)
{
    const char *end = strstr(answer, "\r\n\r\n");

    return end ? end + 4 : "";
}

static const char *fetch(struct usher *usher, const char *path)
{
    const char *answer = exchange(usher, kept_format("GET %s HTTP/1.1\r\nHost: a\r\n\r\n",
                                                     path));

    cr_expect_eq(status_of(answer), 200, "%s: %.200s", path, answer);
    return body_of(answer);
}

static unsigned ask_health(struct usher *usher, const char *path)
{
    return status_of(exchange(usher, kept_format("GET %s HTTP/1.0\r\n\r\n", path)));
}

static bool has(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

Test(http, answers_each_path_or_says_why_not)
{
    static const struct {
        const char *said;
        unsigned status;
        const char *part;
    } cases[] = {
        { GET("/"), 200, "text/html" },
        { GET("/stats?scope=app"), 200, "backend-app" },
        { GET("/;csv"), 200, "Content-Type: text/plain" },
        { GET("/haproxy-status;csv;norefresh"), 200, "\r\n\r\n# pxname,svname," },
        { GET("/haproxy?stats/;csv"), 200, "\r\n\r\n# pxname,svname," },
        { GET("/anything;csv"), 200, "\napp,a," },
        { GET("/metrics"), 200, "text/plain; version=0.0.4" },
        { GET("/metrics?scope=servers"), 400, "400 Bad Request" },
        { GET("/healthz"), 200, "web serves" },
        { GET("/healthz/web"), 200, "web serves" },
        { GET("/healthz/none"), 404, "no such frontend" },
        { GET("/healthzz"), 404, "404 Not Found" },
        { GET("/page.css"), 200, "text/css" },
        { GET("/page.js"), 200, "text/javascript" },
        { GET("/icon.svg"), 200, "image/svg+xml" },
        { GET("/none"), 404, "404 Not Found" },
        { "GET /healthz HTTP/1.0\n\n", 200, "web serves" },
        { "POST /;csv HTTP/1.1\r\nHost: a\r\n\r\n", 405, "Allow: GET, HEAD" },
        { "DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", 405, "Allow: GET, HEAD" },
        { "GET / HTTP/1.1\r\n\r\n", 400, "400 Bad Request" },
        { "hello\r\n", 400, "400 Bad Request" },
        { "\x16\x03\x01\x02", 400, "400 Bad Request" },
        { "GET / HTTP/3.0\r\n\r\n", 505, "505" },
    };
    struct usher *usher = start("");

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *answer = exchange(usher, cases[i].said);

        cr_expect_eq(status_of(answer), cases[i].status, "%s: %.300s", cases[i].said,
                     answer);
        cr_expect(has(answer, cases[i].part), "%s: %.900s", cases[i].said, answer);
    }
    usher_stop(usher);
}

Test(http, says_the_same_as_the_socket)
{
    struct usher *usher = start("");
    const char *csv = fetch(usher, "/;csv"), *stat = usher_admin(usher, "show stat");
    size_t header = strcspn(stat, "\n");

    cr_expect_eq(strncmp(csv, stat, header + 1), 0, "other columns: %.100s", csv);
    cr_expect(has(csv, "\nweb,FRONTEND,") && has(csv, "\napp,b,") &&
                  has(csv, "\napp,BACKEND,"),
              "%s", csv);
    cr_expect(strlen(csv) > 2 && strcmp(csv + strlen(csv) - 2, ",\n") == 0,
              "no row is last");
    cr_expect_not(has(fetch(usher, "/;csv;scope=we"), "\napp,"));
    (void)usher_admin(usher, "set server app/a state maint");
    cr_expect_not(has(fetch(usher, "/;csv;no-maint"), "\napp,a,"));
    cr_expect(has(fetch(usher, "/;csv;up"), "\napp,b,"));
    usher_stop(usher);
}

Test(http, gives_head_the_same_without_a_body)
{
    struct usher *usher = start("");
    const char *answer = exchange(usher, "HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n");

    cr_expect_eq(status_of(answer), 200);
    cr_expect(has(answer, "Content-Length: 11\r\n"), "%s", answer);
    cr_expect_str_eq(body_of(answer), "");
    usher_stop(usher);
}

static const char *many(size_t letters)
{
    char *text = malloc(letters + 1);

    cr_assert(text);
    memset(text, 'x', letters);
    text[letters] = '\0';
    return kept_text(text);
}

Test(http, bounds_what_it_is_sent)
{
    struct usher *usher = start("");

    cr_expect_eq(status_of(exchange(usher, kept_format("GET /%s", many(LONG)))), 414);
    cr_expect_eq(status_of(
                     exchange(usher, kept_format("GET / HTTP/1.1\r\nX: %s", many(LONG)))),
                 431);
    cr_expect_eq(status_of(exchange(usher, kept_format("POST / HTTP/1.1\r\nHost: a\r\n"
                                                       "Content-Length: %d\r\n\r\n%s",
                                                       HUGE, many(HUGE)))),
                 405);
    usher_stop(usher);
}

Test(http, answers_the_first_of_several_requests_and_closes)
{
    struct usher *usher = start("");
    struct client *client = client_dial(http_of(usher));
    const char *answer;

    client_say(client, GET("/healthz") GET("/metrics") GET("/"));
    answer = client_hear_all(client);
    cr_expect(has(answer, "web serves") && has(answer, "Connection: close"), "%s",
              answer);
    cr_expect_not(has(body_of(answer), "HTTP/1.1"));
    client_close(client);
    usher_stop(usher);
}

Test(http, takes_a_request_byte_by_byte)
{
    static const char request[] = GET("/healthz/web");
    struct usher *usher = start("");
    struct client *client = client_dial(http_of(usher));

    for (size_t i = 0; i < sizeof request - 1; i++)
        client_put(client, request + i, 1);
    cr_expect(has(client_hear_all(client), "web serves"));
    usher_stop(usher);
}

Test(http, lets_slow_clients_go)
{
    struct usher *usher = start("timeout = 300ms\n");
    struct client *silent = client_dial(http_of(usher));
    struct client *slow = client_dial(http_of(usher));

    client_say(slow, "GET / HTTP/1.1\r\nHost:");
    cr_expect_eq(status_of(client_hear_all(slow)), 408);
    cr_expect_str_eq(client_hear_all(silent), "");
    usher_stop(usher);
}

Test(http, is_not_kept_busy_by_a_crowd)
{
    struct usher *usher = start("maxclients = 16\n");
    const char *address = http_of(usher);
    struct client *crowd[CROWD], *guest = client_connect(usher);

    for (size_t i = 0; i < CROWD; i++) {
        crowd[i] = client_dial(address);
        (void)client_try_say(crowd[i], i % 2 ? "GET / HT" : "");
    }
    cr_expect_eq(ask_health(usher, "/healthz"), 200);
    cr_expect_not_null(client_ask(guest, "who"));
    for (size_t i = 0; i < CROWD; i++)
        client_close(crowd[i]);
    cr_expect_eq(ask_health(usher, "/healthz"), 200);
    usher_stop(usher);
}

Test(http, knows_when_nobody_can_be_served)
{
    struct usher *usher = start("");
    struct client *guest;

    eventually(ask_health(usher, "/healthz/web") == 200, 5000);
    origin_kill(a);
    eventually(usher_stat_is(usher, "app/a", "status", "DOWN"), 5000);
    cr_expect_eq(ask_health(usher, "/healthz/web"), 200);
    origin_kill(b);
    eventually(ask_health(usher, "/healthz/web") == 503, 5000);
    cr_expect_eq(ask_health(usher, "/healthz"), 503);
    origin_revive(a);
    eventually(ask_health(usher, "/healthz") == 200, 5000);
    guest = client_connect(usher);
    cr_expect_str_eq(client_ask(guest, "who"), "a");
    usher_signal(usher, SIGTERM);
    eventually(ask_health(usher, "/healthz") == 503, 5000);
    cr_expect_eq(ask_health(usher, "/healthz/none"), 404);
    client_close(guest);
    usher_stop(usher);
}

static void need(const char *program)
{
    if (spawn_line("%s --version", program).status != 0)
        cr_skip("%s is not installed", program);
}

Test(http, gives_promtool_nothing_to_say)
{
    struct usher *usher = start("");
    struct spawned checked;

    need("promtool");
    checked = spawn_line_with(fetch(usher, "/metrics"), "promtool check metrics");
    cr_expect_eq(checked.status, 0);
    cr_expect_str_eq(checked.out, "");
    cr_expect_str_eq(checked.err, "");
    usher_stop(usher);
}

Test(http, counts_in_metrics)
{
    struct usher *usher = start("");
    const char *metrics;

    for (int i = 0; i < 4; i++)
        cr_assert_str_neq(client_ask_once(usher_web(usher)), "");
    eventually(has(fetch(usher, "/metrics"),
                   "\nusher_backend_session_time_seconds_count{proxy=\"app\"} 4\n"),
               5000);
    (void)usher_admin(usher, "set server app/b state maint");
    metrics = fetch(usher, "/metrics");
    cr_expect(has(metrics, "\nhaproxy_frontend_sessions_total{proxy=\"web\"} 4\n"));
    cr_expect(
        has(metrics, "\nhaproxy_server_sessions_total{proxy=\"app\",server=\"a\"} 2\n"));
    cr_expect(has(metrics, "\nhaproxy_server_status{proxy=\"app\",server=\"b\","
                           "state=\"MAINT\"} 1\n"));
    cr_expect(has(metrics, "\nhaproxy_server_check_status{proxy=\"app\",server=\"a\","
                           "state=\"L4OK\"} 1\n"));
    cr_expect(has(metrics, "\nhaproxy_backend_agg_server_status{proxy=\"app\","
                           "state=\"MAINT\"} 1\n"));
    cr_expect(has(metrics, "\nusher_backend_connect_time_seconds_bucket{proxy=\"app\","
                           "le=\"+Inf\"} 4\n"));
    cr_expect(has(metrics, "\nusher_server_ejected{proxy=\"app\",server=\"a\"} 0\n"));
    cr_expect(has(metrics, "\nusher_backend_panic{proxy=\"app\"} 0\n"));
    cr_expect(has(metrics, "\nusher_config_last_reload_successful 1\n"));
    cr_expect_not(
        has(fetch(usher, "/metrics?scope=backend&scope=global"), "haproxy_server_"));
    cr_expect_not(has(fetch(usher, "/metrics?no-maint"), "server=\"b\""));

    metrics = fetch(usher, "/metrics?metrics=haproxy_server_weight,usher_build_info");
    cr_expect(has(metrics, "\nhaproxy_server_weight{proxy=\"app\",server=\"a\"} 1\n"));
    cr_expect(has(metrics, "\nusher_build_info{"));
    cr_expect_not(has(metrics, "haproxy_server_status"));
    cr_expect_not(has(metrics, "haproxy_backend_weight"));
    usher_stop(usher);
}

Test(http, tells_the_limits_that_were_set_in_metrics)
{
    struct usher *usher = start("[global]\nmaxconn = 100\n");
    const char *metrics;

    usher_admin(usher, "set maxconn global 50;set rate-limit connections global 7;"
                       "set rate-limit sessions global 8;"
                       "set rate-limit ssl-sessions global 9");
    metrics = fetch(usher, "/metrics?scope=global");
    cr_expect(has(metrics, "\nhaproxy_process_max_connections 50\n"));
    cr_expect(has(metrics, "\nhaproxy_process_hard_max_connections 100\n"));
    cr_expect(has(metrics, "\nhaproxy_process_limit_connection_rate 7\n"));
    cr_expect(has(metrics, "\nhaproxy_process_limit_session_rate 8\n"));
    cr_expect(has(metrics, "\nhaproxy_process_limit_ssl_rate 9\n"));
    usher_stop(usher);
}

Test(http, comes_and_goes_with_reloads)
{
    struct usher *usher = start("");
    const char *was = http_of(usher), *folder = scratch_create(), *local, *answer;
    struct client *client;

    answer = usher_reload(usher,
                          HTTP "http = :8404\n" USHER_WEB USHER_APP "server = a %s\n",
                          origin_address(a));
    cr_expect(has(answer, "refused") && has(answer, "say which address"), "%s", answer);
    cr_expect(has(fetch(usher, "/metrics"), "\nusher_config_last_reload_successful 0\n"));
    cr_expect(has(fetch(usher, "/"), "The last reload was refused."));
    local = scratch_path(folder, "http");
    answer = usher_reload(usher,
                          HTTP "http = unix:%s mode=0600\nhttp = %s\n" USHER_WEB USHER_APP
                               "server = a %s\n",
                          local, origin_address(b), origin_address(a));
    cr_expect(has(answer, "refused") && has(answer, "cannot open http"), "%s", answer);
    cr_expect_eq(ask_health(usher, "/healthz"), 200);
    answer = usher_reload(usher,
                          "[admin]\nhttp = unix:%s mode=0600\n" USHER_WEB USHER_APP
                          "server = a %s\n",
                          local, origin_address(a));
    cr_expect(has(answer, "applied"), "%s", answer);
    cr_expect(client_is_refused(was, 3000));
    client = client_dial(kept_format("unix:%s", local));
    client_say(client, GET("/metrics"));
    cr_expect(has(client_hear_all(client), "\nusher_config_generation 2\n"));
    usher_stop(usher);
    cr_expect_str_eq(scratch_read(local), "");
    cr_expect_eq(spawn_line("test -e %s", local).status, 1, "the socket is still there");
    scratch_remove(folder);
}

Test(http, shows_a_page_that_tools_and_people_read)
{
    static const char *const parts[] = {
        "HAProxy version 2.",
        ", released 20",
        "<b>uptime = </b> 0d 0h00m",
        "idle = ",
        "All is well",
        "id=\"backend-app\"",
        "<rect class=\"up\"",
        "Sent to clients",
        "limit ",
        "<noscript>",
        "href=\"/page.css\">",
        ">CSV</a>",
    };
    struct usher *usher = start("");
    const char *page = fetch(usher, "/");

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        cr_expect(has(page, parts[i]), "%s is not in %s", parts[i], page);
    cr_expect_not(has(page, "style=") || has(page, "<style"), "something is inline");
    cr_expect_not(has(fetch(usher, "/;norefresh"), "page.js"));
    page = fetch(usher, "/?scope=%22%3E%3Cscript%3Ealert(1)%3C/script%3E");
    cr_expect(has(page, "value=\"&quot;&gt;&lt;script&gt;alert(1)"), "%s", page);
    cr_expect_not(has(page, "<script>"));
    usher_stop(usher);
}

/* Headless, and without any conversation of its own with the world. */
static struct spawned browse(const char *folder, const char *what, const char *url)
{
    return spawn_line(
        "chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
        "--disable-background-networking --disable-component-update --disable-sync "
        "--disable-dev-shm-usage --enable-logging=stderr --virtual-time-budget=7000 "
        "--window-size=1440,1100 --user-data-dir=%s/%c %s %s",
        folder, what[2], what, url);
}

Test(http, renders_and_updates_in_a_browser)
{
    struct usher *usher = start("");
    const char *folder = scratch_create(), *url, *picture;
    struct spawned seen;
    struct stat facts;

    need("chromium");
    url = kept_format("http://%s/", http_of(usher));
    origin_kill(b);
    eventually(usher_stat_is(usher, "app/b", "status", "DOWN"), 5000);
    seen = browse(folder, "--dump-dom", url);
    cr_expect(has(seen.out, "1 of 2 servers is down."), "%s", seen.out);
    cr_expect(has(seen.out, "<title>1 down: usher"), "%s", seen.out);
    cr_expect(has(seen.out, "data-updates=\""), "no live update: %s", seen.out);
    cr_expect_not(has(seen.err, "CONSOLE"), "%s", seen.err);
    picture = scratch_path(folder, "page.png");
    seen = browse(folder, kept_format("--screenshot=%s", picture), url);
    cr_assert_eq(stat(picture, &facts), 0, "%s", seen.err);
    cr_expect_gt(facts.st_size, 30000, "there is little to see");
    scratch_remove(folder);
    usher_stop(usher);
}
