/* Probes that talk, with scripted servers: good ones, and all that answer strangely. */
#include "support/authority.h"
#include "support/client.h"
#include "support/kept.h"
#include "support/openssl.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/proc.h"
#include "support/tunnel.h"
#include "support/usher.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHECKS(kind) USHER_QUICK_CHECKS "check = " kind "\n"

enum { PAUSE_US = 2000, DRIP_US = 20000, DRIPS_MOST = 1000, FLOOD = 10 * 1024 * 1024 };

TestSuite(probe, .timeout = 60);

static bool hear_line(struct visit *visit, char *line, size_t size)
{
    size_t length = 0;

    while (length + 1 < size && recv(visit->fd, line + length, 1, 0) == 1)
        if (line[length++] == '\n')
            break;
    line[length] = '\0';
    return length > 0;
}

static void hear_request(struct visit *visit)
{
    char line[256];

    while (hear_line(visit, line, sizeof line) && strcmp(line, "\r\n") != 0)
        continue;
}

/* Scripts: what they say is their plan's name. */

static void answer(struct visit *visit)
{
    hear_request(visit);
    visit_say(visit, visit->plan->name);
    (void)shutdown(visit->fd, SHUT_WR);
    visit_listen(visit);
}

static void speak_and_stay(struct visit *visit)
{
    visit_say(visit, visit->plan->name);
    visit_listen(visit);
}

static void leave(struct visit *visit)
{
    hear_request(visit);
}

static void drip(struct visit *visit)
{
    const char *text = visit->plan->name;

    for (int i = 0; i < DRIPS_MOST && send(visit->fd, text, 1, MSG_NOSIGNAL) == 1; i++) {
        text += text[1] != '\0';
        (void)usleep(DRIP_US);
    }
}

static void flood(struct visit *visit)
{
    hear_request(visit);
    visit_say(visit, visit->plan->name);
    visit_send(visit, FLOOD);
}

/* A line without an end. */
static void flood_line(struct visit *visit)
{
    char letters[4096];

    memset(letters, 'x', sizeof letters);
    hear_request(visit);
    visit_say(visit, visit->plan->name);
    for (size_t i = 0; i < FLOOD / sizeof letters; i++)
        if (send(visit->fd, letters, sizeof letters, MSG_NOSIGNAL) == -1)
            return;
}

static void send_nothings(struct visit *visit)
{
    static const char nothings[100];

    (void)send(visit->fd, nothings, sizeof nothings, MSG_NOSIGNAL);
    visit_listen(visit);
}

/* Answers, and has more to say a little later; a peer that is gone by then is wrong. */
static void answer_at_length(struct visit *visit)
{
    hear_request(visit);
    visit_say(visit, visit->plan->name);
    for (int i = 0; i < 2; i++) {
        (void)usleep(PAUSE_US);
        if (send(visit->fd, "more\n", 5, MSG_NOSIGNAL) == -1)
            atomic_fetch_add(&visit->facts->wrong, 1);
    }
    (void)shutdown(visit->fd, SHUT_WR);
    visit_listen(visit);
}

static void take_mail(struct visit *visit)
{
    char line[256];

    visit_say(visit, "220-mail\r\n220 ready\r\n");
    if (!hear_line(visit, line, sizeof line) || strncmp(line, "EHLO ", 5) != 0)
        return;
    visit_say(visit, visit->plan->name);
    if (hear_line(visit, line, sizeof line) && !strcmp(line, "QUIT\r\n"))
        atomic_fetch_add(&visit->facts->asked, 1);
    visit_say(visit, "221 bye\r\n");
    (void)shutdown(visit->fd, SHUT_WR);
    visit_listen(visit);
}

static struct origin *serve(origin_script *script, const char *says)
{
    return origin_serve((struct origin_plan){ .name = says, .script = script });
}

static bool is(struct usher *usher, const char *server, const char *status,
               const char *why)
{
    return strstr(usher_stat(usher, "app", server, "check_status"), status) &&
           strstr(usher_stat(usher, "app", server, "last_chk"), why);
}

struct strange {
    const char *name;
    origin_script *script;
    const char *says;
    const char *status, *why;
};

static const struct strange of_http[] = {
    { "good", answer, "HTTP/1.1 200 OK\r\n\r\nall is well", "L7OK", "" },
    { "bad", answer, "HTTP/1.1 503 Busy\r\n\r\n", "L7STS", "status 503" },
    { "other", answer, "HTTP/1.1 200 OK\r\n\r\nno", "L7STS", "body without" },
    { "silent", origin_silence, "", "L7TOUT", "L7 timeout" },
    { "byte", speak_and_stay, "H", "L7TOUT", "L7 timeout" },
    { "drip", drip, "HTTP/1.1 200 OKaaaa", "L7TOUT", "L7 timeout" },
    { "case", answer, "http/1.1 200 OK\r\n\r\n", "L7RSP", "not an answer of HTTP/1" },
    { "garbage", flood, "", "L7RSP", "not an answer of HTTP/1" },
    { "endless", flood_line, "HTTP/1.1 200 ", "L7RSP", "answer longer than 64 kB" },
    { "body", flood, "HTTP/1.1 200 OK\r\n\r\n", "L7STS", "body without" },
    { "nothing", send_nothings, "", "L7RSP", "not an answer of HTTP/1" },
    { "half", answer, "HTTP/1.1 2", "L7RSP", "closed in the middle of an answer" },
    { "gone", leave, "", "L7RSP", "closed without an answer" },
};

enum { STRANGE = sizeof of_http / sizeof *of_http };

/* Under TLS as well, if there is a certificate. */
static const char *lines_of_servers(const char *certificate)
{
    const char *lines = "";

    for (size_t i = 0; i < STRANGE; i++) {
        struct origin *origin = serve(of_http[i].script, of_http[i].says);
        const char *address = origin_address(origin);

        if (certificate)
            address = tunnel_address(tunnel_start((struct tunnel_plan){
                .to = address, .takes_tls = true, .certificate = certificate }));
        lines = kept_format("%sserver = %s %s\n", lines, of_http[i].name, address);
    }
    return lines;
}

static void expect_truth(struct usher *usher)
{
    uint64_t before_kb = proc_memory_kb(usher_pid(usher));

    for (size_t i = 0; i < STRANGE; i++) {
        const struct strange *strange = &of_http[i];
        const char *server = kept_format("app/%s", strange->name);

        eventually(is(usher, strange->name, strange->status, strange->why), 8000);
        cr_expect(usher_stat_is(usher, server, "status", i ? "DOWN" : "UP"), "%s",
                  server);
        cr_expect_leq(usher_log_count(usher, kept_format("server %s is", server)), 1);
    }
    if (!patience_is_sanitized())
        cr_expect_lt(proc_memory_kb(usher_pid(usher)), before_kb + 8192);
}

#define HTTP CHECKS("http") "check-timeout = 500ms\nhttp-body = is well\n"

Test(probe, tells_strange_answers_by_their_strangeness)
{
    struct usher *usher = usher_start(USHER_WEB USHER_APP HTTP "%s",
                                      lines_of_servers(NULL));

    expect_truth(usher);
    usher_stop(usher);
}

Test(probe, tells_them_under_tls_too)
{
    struct authority *authority = authority_create("servers");
    const char *certificate = authority_sign(
        authority, (struct identity){ .subject = "server", .names = "IP:127.0.0.1" });
    struct usher *usher = usher_start(USHER_WEB USHER_APP HTTP
                                      "check-tls = yes\nserver-tls-ca = %s\n%s",
                                      authority_file(authority),
                                      lines_of_servers(certificate));

    expect_truth(usher);
    usher_stop(usher);
    authority_remove(authority);
}

/* A machine that stalls may take longer than a probe waits: now and then, not always. */
Test(probe, leaves_by_an_end_though_the_server_goes_on)
{
    struct origin *good = serve(answer_at_length, "HTTP/1.1 200 OK\r\n\r\n");
    struct origin *bad = serve(answer_at_length, "HTTP/1.1 503 Busy\r\n\r\n");
    struct usher *usher = usher_start(USHER_WEB USHER_APP CHECKS(
                                          "http") "server = good %s\nserver = bad %s\n",
                                      origin_address(good), origin_address(bad));

    eventually(origin_facts(good)->fins > 9 && origin_facts(bad)->fins > 9, 10000);
    cr_expect_leq(origin_facts(good)->wrong + origin_facts(good)->resets, 4);
    cr_expect_leq(origin_facts(bad)->wrong + origin_facts(bad)->resets, 4);
    usher_stop(usher);
}

Test(probe, of_mail_is_polite)
{
    struct origin *good = serve(take_mail, "250-mail\r\n250 HELP\r\n");
    struct origin *bad = serve(take_mail, "502 what?\r\n");
    struct usher *usher = usher_start(USHER_WEB USHER_APP CHECKS(
                                          "smtp") "server = good %s\nserver = bad %s\n",
                                      origin_address(good), origin_address(bad));

    eventually(is(usher, "good", "L7OK", "") && is(usher, "bad", "L7STS", "502 what?"),
               5000);
    eventually(origin_facts(good)->asked > 2, 5000);
    cr_expect_eq(origin_facts(good)->resets, 0);
    origin_kill(good);
    eventually(usher_stat_is(usher, "app/good", "status", "DOWN"), 5000);
    usher_stop(usher);
}

Test(probe, walks_the_dialogue_of_the_file)
{
    struct origin *echo = serve(origin_echo, "");
    struct usher *usher =
        usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                    "check = echo\nserver = a %s\n"
                    "[check echo]\ncheck = expect\ncheck-step = send \"one \"\n"
                    "check-step = send-hex 00 74 77 6f\ncheck-step = expect-hex 2000\n"
                    "check-step = match ^t.o$\ncheck-step = send \"three\\n\"\n"
                    "check-step = expect three\n",
                    origin_address(echo));

    eventually(is(usher, "a", "L7OK", ""), 5000);
    (void)
        usher_reload(usher,
                     USHER_WEB USHER_APP USHER_QUICK_CHECKS
                     "check = expect\ncheck-timeout = 200ms\ncheck-step = send one\n"
                     "check-step = expect one\ncheck-step = expect one\nserver = a %s\n",
                     origin_address(echo));
    eventually(is(usher, "a", "L7TOUT", "L7 timeout in step 3"), 5000);
    usher_stop(usher);
}

Test(probe, begins_with_the_header_that_checks_shall_have)
{
    struct origin *echo = serve(origin_echo, "");
    const char *steps = kept_format(
        CHECKS("expect") "check-timeout = 200ms\n"
                         "check-step = expect \"PROXY TCP4 127.0.0.1\"\nserver = a %s\n",
        origin_address(echo));
    struct usher *usher = usher_start(
        USHER_WEB "route = 1%% -> same\nroute = 1%% -> none\n" USHER_APP
                  "check-send-proxy = v1\n%s[backend same]\nsend-proxy = v1\n%s"
                  "[backend none]\nsend-proxy = v1\ncheck-send-proxy = no\n%s",
        steps, steps, steps);

    eventually(usher_stat_is(usher, "app/a", "status", "UP"), 5000);
    eventually(usher_stat_is(usher, "same/a", "status", "UP"), 5000);
    eventually(usher_stat_is(usher, "none/a", "status", "DOWN"), 5000);
    usher_stop(usher);
}

Test(probe, speaks_tls_where_sessions_do_not_and_the_other_way_round)
{
    struct authority *authority = authority_create("servers");
    const char *certificate = authority_sign(
        authority, (struct identity){ .subject = "server", .names = "IP:127.0.0.1" });
    struct origin *plain = serve(origin_once, "a");
    const char *wrapped = tunnel_address(tunnel_start((struct tunnel_plan){
        .to = origin_address(plain), .takes_tls = true, .certificate = certificate }));
    struct usher *usher = usher_start(USHER_WEB USHER_APP CHECKS(
                                          "tls") "server-tls-ca = %s\nserver = a %s\n"
                                                 "server = plain %s\nserver = mute %s\n",
                                      authority_file(authority), wrapped,
                                      origin_address(plain),
                                      origin_address(serve(origin_silence, "")));
    struct spawned spawned;

    eventually(is(usher, "a", "L6OK", "") && is(usher, "plain", "L6", ""), 5000);
    eventually(is(usher, "mute", "L6TOUT", "L6 timeout"), 8000);
    spawned = openssl_ask(usher_web(usher), "-quiet");
    cr_expect(openssl_heard(&spawned, "a"), "%s%s", spawned.out, spawned.err);
    (void)usher_reload(
        usher,
        USHER_WEB USHER_APP CHECKS(
            "connect") "check-tls = no\nserver-tls = yes\nserver-tls-ca = %s\n"
                       "server = a %s\nserver = plain %s\n",
        authority_file(authority), wrapped, origin_address(plain));
    eventually(is(usher, "a", "L4OK", "") && is(usher, "plain", "L4OK", ""), 5000);
    usher_stop(usher);
    authority_remove(authority);
}
