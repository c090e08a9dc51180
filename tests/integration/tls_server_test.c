/* TLS towards servers: only those who prove who they are are talked to. */
#include "support/authority.h"
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/tunnel.h"
#include "support/usher.h"

#include <string.h>

TestSuite(tls_server, .timeout = 60);

static struct authority *authority, *strangers;

static void prepare(void)
{
    authority = authority_create("servers");
    strangers = authority_create("strangers");
}

static void clear(void)
{
    authority_remove(authority);
    authority_remove(strangers);
}

#define SERVER_TEST(name) Test(tls_server, name, .init = prepare, .fini = clear)

static const char *sign(struct authority *by, const char *names, int days)
{
    return authority_sign(by, (struct identity){
                                  .subject = "server", .names = names, .days = days });
}

static struct tunnel *wrap(const struct origin *origin, const char *certificate)
{
    return tunnel_start((struct tunnel_plan){
        .to = origin_address(origin), .takes_tls = true, .certificate = certificate });
}

/* A star before it says that the next probe is under way. */
static bool has_verdict(struct usher *usher, const char *server, const char *verdict)
{
    return strstr(usher_stat(usher, "app", server, "check_status"), verdict);
}

static const char *trust(void)
{
    return kept_format("server-tls = yes\nserver-tls-ca = %s\n",
                       authority_file(authority));
}

/* Servers that nobody should talk to, and what is said of them. */
enum wrong { WRONG_NAME, WRONG_AUTHORITY, WRONG_TIME, WRONG_PURPOSE, WRONG_ALL };

static const char *sign_wrong(enum wrong wrong)
{
    static const char ip[] = "IP:127.0.0.1";

    if (wrong == WRONG_NAME)
        return sign(authority, "IP:127.0.0.2,DNS:127.0.0.1", 0);
    if (wrong == WRONG_AUTHORITY)
        return sign(strangers, ip, 0);
    if (wrong == WRONG_TIME)
        return sign(authority, ip, -1);
    return authority_sign(authority, (struct identity){ .subject = "server",
                                                        .names = ip,
                                                        .purpose = "clientAuth" });
}

static const char *const reasons[] = {
    [WRONG_NAME] = "certificate verify failed: IP address mismatch",
    [WRONG_AUTHORITY] = "certificate verify failed: unable to get local issuer",
    [WRONG_TIME] = "certificate verify failed: certificate has expired",
    [WRONG_PURPOSE] = "certificate verify failed: unsu",
};

SERVER_TEST(is_passed_over_when_it_cannot_prove_itself)
{
    struct origin *bad = origin_start("bad"), *good = origin_start("good");
    const char *right = tunnel_address(wrap(good, sign(authority, "IP:127.0.0.1", 0)));

    for (enum wrong wrong = 0; wrong < WRONG_ALL; wrong++) {
        struct usher *usher = usher_start(
            USHER_WEB USHER_APP "check = off\nbalance = first\n%sserver = bad %s\n"
                                "server = good %s\n",
            trust(), tunnel_address(wrap(bad, sign_wrong(wrong))), right);

        for (int i = 0; i < 5; i++)
            cr_expect_str_eq(client_ask_once(usher_web(usher)), "good");
        eventually(usher_logged(usher, "warning", "app/bad", reasons[wrong], NULL), 3000);
        usher_stop(usher);
    }
    cr_expect_eq(origin_facts(bad)->accepted, 0);
}

SERVER_TEST(is_down_when_it_cannot_prove_itself)
{
    struct origin *bad = origin_start("bad");

    for (enum wrong wrong = 0; wrong < WRONG_ALL; wrong++) {
        struct usher *usher = usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                                          "%sserver = bad %s\n",
                                          trust(),
                                          tunnel_address(wrap(bad, sign_wrong(wrong))));

        eventually(usher_logged(usher, "server app/bad is down", reasons[wrong], NULL),
                   5000);
        cr_expect(has_verdict(usher, "bad", "L6RSP"));
        cr_expect(usher_stat_is(usher, "app/bad", "status", "DOWN"));
        cr_expect(client_is_refused(usher_web(usher), patience_ms(3000)));
        usher_stop(usher);
    }
    cr_expect_eq(origin_facts(bad)->accepted, 0);
}

SERVER_TEST(is_trusted_by_nothing_less_than_the_systems_authorities)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = usher_start(
        USHER_WEB USHER_APP "check = off\nretries = 0\nserver-tls = yes\nserver = a %s\n",
        tunnel_address(wrap(origin, sign(authority, "IP:127.0.0.1", 0))));

    cr_expect_str_eq(client_ask_once(usher_web(usher)), "");
    eventually(usher_logged(usher, "certificate verify failed", NULL), 3000);
    usher_stop(usher);
}

SERVER_TEST(is_not_asked_for_proof_when_the_file_says_so)
{
    struct origin *origin = origin_start("a");
    struct usher *usher =
        usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                    "server-tls = yes\nserver-tls-verify = no\nserver = a %s\n",
                    tunnel_address(wrap(origin, sign_wrong(WRONG_TIME))));

    eventually(usher_stat_is(usher, "app/a", "status", "UP"), 5000);
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    usher_stop(usher);
}

SERVER_TEST(is_asked_for_by_its_name)
{
    struct origin *origin = origin_start("a");
    struct tunnel *tunnel = wrap(origin, authority_name(authority, "db.test"));
    struct usher *usher = usher_start(
        USHER_WEB USHER_APP "check = off\n%sserver-tls-name = db.test\nserver = a %s\n",
        trust(), tunnel_address(tunnel));

    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    cr_expect_str_eq(tunnel_facts(tunnel)->name, "db.test");
    usher_stop(usher);
}

/* `localhost` is looked up at the start; an IP address is no name to ask for. */
SERVER_TEST(is_asked_for_by_the_name_of_its_line)
{
    struct origin *origin = origin_start("a");
    struct tunnel *named = wrap(origin, authority_name(authority, "localhost"));
    struct tunnel *numbered = wrap(origin, sign(authority, "IP:127.0.0.1", 0));
    const char *port = strrchr(tunnel_address(named), ':');
    struct usher *usher = usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                                      "%sserver = a localhost%s\nserver = b %s\n",
                                      trust(), port, tunnel_address(numbered));

    eventually(usher_stat_is(usher, "app/a", "status", "UP"), 5000);
    eventually(usher_stat_is(usher, "app/b", "status", "UP"), 5000);
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    cr_expect_str_eq(tunnel_facts(named)->name, "localhost");
    cr_expect_str_eq(tunnel_facts(numbered)->name, "");
    usher_stop(usher);
}

SERVER_TEST(is_matched_by_a_wildcard_for_one_label)
{
    static const struct {
        const char *name, *answer;
    } cases[] = { { "x.wild.test", "a" }, { "x.y.wild.test", "" }, { "wild.test", "" } };
    struct origin *origin = origin_start("a");
    struct tunnel *tunnel = wrap(origin, sign(authority, "DNS:*.wild.test", 0));

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct usher *usher = usher_start(
            USHER_WEB USHER_APP "check = off\nretries = 0\n%sserver-tls-name = %s\n"
                                "server = a %s\n",
            trust(), cases[i].name, tunnel_address(tunnel));

        cr_expect_str_eq(client_ask_once(usher_web(usher)), cases[i].answer, "%s",
                         cases[i].name);
        usher_stop(usher);
    }
}

SERVER_TEST(sees_ushers_certificate_and_protocol)
{
    struct origin *origin = origin_start("a");
    const char *own = authority_sign(authority,
                                     (struct identity){ .subject = "usher-itself",
                                                        .purpose = "clientAuth" });
    struct tunnel *tunnel = tunnel_start(
        (struct tunnel_plan){ .to = origin_address(origin),
                              .takes_tls = true,
                              .certificate = sign(authority, "IP:127.0.0.1", 0),
                              .authority = authority_file(authority),
                              .alpn = "\2h2" });
    struct usher *usher =
        usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                    "%sserver-tls-cert = %s\nserver-tls-alpn = http/1.1,h2\n"
                    "server = a %s\n",
                    trust(), own, tunnel_address(tunnel));

    eventually(usher_stat_is(usher, "app/a", "status", "UP"), 5000);
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    cr_expect_str_eq(tunnel_facts(tunnel)->subject, "/CN=usher-itself");
    cr_expect_str_eq(tunnel_facts(tunnel)->alpn, "h2");
    usher_stop(usher);
}

/* In TLS 1.3 the server says no only after usher's handshake is over. */
SERVER_TEST(that_wants_a_certificate_of_usher_is_no_success_without_one)
{
    struct origin *origin = origin_start("a");
    struct tunnel *tunnel = tunnel_start(
        (struct tunnel_plan){ .to = origin_address(origin),
                              .takes_tls = true,
                              .certificate = sign(authority, "IP:127.0.0.1", 0),
                              .authority = authority_file(authority) });
    struct usher *usher = usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                                      "%sserver = a %s\n",
                                      trust(), tunnel_address(tunnel));

    eventually(has_verdict(usher, "a", "L6RSP"), 5000);
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "");
    cr_expect_eq(origin_facts(origin)->accepted, 0);
    usher_stop(usher);
}

SERVER_TEST(is_greeted_again_with_the_session_it_gave)
{
    struct origin *origin = origin_start("a");
    struct tunnel *tunnel = wrap(origin, sign(authority, "IP:127.0.0.1", 0));
    struct usher *usher = usher_start("[global]\nworkers = 1\n" USHER_WEB USHER_APP
                                      "check = off\n%sserver = a %s\n",
                                      trust(), tunnel_address(tunnel));

    for (int i = 0; i < 5; i++)
        cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    eventually(tunnel_facts(tunnel)->shaken == 5, 3000);
    cr_expect_geq(tunnel_facts(tunnel)->resumed, 3, "%lu of 5",
                  tunnel_facts(tunnel)->resumed);
    usher_stop(usher);
}

SERVER_TEST(that_never_answers_a_greeting_costs_the_connect_timeout)
{
    struct origin *good = origin_start("good");
    struct tunnel *mute = tunnel_start(
        (struct tunnel_plan){ .to = "", .takes_tls = true, .is_mute = true });
    struct tunnel *right = wrap(good, sign(authority, "IP:127.0.0.1", 0));
    struct usher *usher = usher_start(
        USHER_WEB USHER_APP "check = off\nbalance = first\nconnect-timeout = 300ms\n"
                            "%sserver = mute %s\nserver = good %s\n",
        trust(), tunnel_address(mute), tunnel_address(right));
    uint64_t began = patience_now_ms();

    cr_expect_str_eq(client_ask_once(usher_web(usher)), "good");
    cr_expect_geq(patience_now_ms() - began, 280);
    cr_expect_lt(patience_now_ms() - began, patience_ms(2000));
    usher_stop(usher);
}

SERVER_TEST(that_never_answers_a_check_is_down)
{
    struct tunnel *mute = tunnel_start(
        (struct tunnel_plan){ .to = "", .takes_tls = true, .is_mute = true });
    struct usher *usher = usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                                      "check-timeout = 200ms\n%sserver = mute %s\n",
                                      trust(), tunnel_address(mute));

    eventually(has_verdict(usher, "mute", "L6TOUT"), 5000);
    eventually(usher_stat_is(usher, "app/mute", "status", "DOWN"), 5000);
    usher_stop(usher);
}

SERVER_TEST(that_speaks_plain_is_named_and_passed_over)
{
    struct origin *plain = origin_start("plain"), *good = origin_start("good");
    struct tunnel *right = wrap(good, sign(authority, "IP:127.0.0.1", 0));
    struct usher *usher = usher_start(
        USHER_WEB USHER_APP "check = off\nbalance = first\nconnect-timeout = 1s\n"
                            "%sserver = plain %s\nserver = good %s\n",
        trust(), origin_address(plain), tunnel_address(right));

    cr_expect_str_eq(client_ask_once(usher_web(usher)), "good");
    eventually(usher_logged(usher, "app/plain", "the server does not speak TLS", NULL),
               3000);
    usher_stop(usher);
}

static void push(struct visit *visit)
{
    visit_say(visit, "injected before the greeting\n");
    visit_listen(visit);
}

/* What a server says in clear never reaches a client that was promised TLS. */
SERVER_TEST(cannot_slip_in_clear_text_before_its_greeting)
{
    struct origin *pushy = origin_serve(
        (struct origin_plan){ .name = "pushy", .script = push });
    struct usher *usher = usher_start(USHER_WEB USHER_APP
                                      "check = off\nretries = 0\nconnect-timeout = 2s\n%s"
                                      "server = pushy %s\n",
                                      trust(), origin_address(pushy));
    struct client *client = client_connect(usher);

    cr_expect_str_eq(client_hear_all(client), "");
    cr_expect_neq(client_end(client, patience_ms(5000)), STREAM_OPEN);
    usher_stop(usher);
}

static void say_half(struct visit *visit)
{
    visit_say(visit, "half an ans");
}

/* An answer that was cut off must not look whole. */
SERVER_TEST(that_leaves_without_a_farewell_is_a_reset_to_the_client)
{
    struct origin *origin = origin_serve(
        (struct origin_plan){ .name = "a", .script = say_half });
    struct tunnel_plan plan = { .to = origin_address(origin),
                                .takes_tls = true,
                                .certificate = sign(authority, "IP:127.0.0.1", 0) };
    struct tunnel *polite = tunnel_start(plan), *curt;
    struct usher *usher;
    struct client *client;

    plan.is_curt = true;
    curt = tunnel_start(plan);
    usher = usher_start(USHER_WEB USHER_APP
                        "check = off\n%sserver = a %s\nserver = b %s\n",
                        trust(), tunnel_address(polite), tunnel_address(curt));
    client = client_connect(usher);
    cr_expect_str_eq(client_hear_all(client), "half an ans");
    cr_expect_eq(client_end(client, patience_ms(5000)), STREAM_FIN);
    client = client_connect(usher);
    cr_expect_str_eq(client_hear_all(client), "half an ans");
    cr_expect_eq(client_end(client, patience_ms(5000)), STREAM_RESET);
    usher_stop(usher);
}

SERVER_TEST(is_given_up_when_its_authority_is_replaced)
{
    struct origin *origin = origin_start("a");
    struct tunnel *tunnel = wrap(origin, sign(authority, "IP:127.0.0.1", 0));
    const char *start = USHER_WEB USHER_APP
        "check = off\nretries = 0\nserver-tls = yes\n";
    const char *end = kept_format("server = a %s\n", tunnel_address(tunnel));
    struct usher *usher = usher_start("%sserver-tls-ca = %s\n%s", start,
                                      authority_file(authority), end);
    struct client *early = client_connect(usher);

    cr_expect_str_eq(client_ask(early, "who"), "a");
    (void)usher_reload(usher, "%sserver-tls-ca = %s\n%s", start,
                       authority_file(strangers), end);
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "", "a ticket was enough");
    cr_expect_str_eq(client_ask(early, "who"), "a");
    usher_stop(usher);
}
