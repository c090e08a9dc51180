/* Servers that answer `srvr` in all the ways that were ever seen, and in worse ones. */
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(zookeeper_answers, .timeout = 60);

#define CHECKS USHER_QUICK_CHECKS "check = zookeeper\nfall = 2\n"

#define FIGURES                                                                          \
    "Zookeeper version: 3.8.0-${mvngit.commit.id}, built on 2024-12-29 17:54 UTC\n"      \
    "Latency min/avg/max: 0/0.0/0\nReceived: 9\nSent: 10\nConnections: 1\n"              \
    "Outstanding: 50\n"
#define MODE(mode) FIGURES "Zxid: 0x500000000\nMode: " mode "\nNode count: 5\n"

enum ways { WHOLE, DRIPPING, STUCK, ENDLESS };

static const struct saying {
    const char *name, *text;
    enum ways way;
    const char *status, *code, *why;
} sayings[] = {
    { "leader", MODE("leader"), WHOLE, "UP", "L7OK", "leader" },
    { "follower", MODE("follower"), DRIPPING, "UP", "L7OK", "follower" },
    { "talker", MODE("observer"), STUCK, "UP", "L7OK", "observer" },
    { "flood", MODE("follower"), ENDLESS, "UP", "L7OK", "follower" },
    { "alone", MODE("standalone"), WHOLE, "DOWN", "L7STS", "standalone" },
    { "reader", MODE("read-only"), WHOLE, "DOWN", "L7STS", "read-only" },
    { "idle", "This ZooKeeper instance is not currently serving requests\n", WHOLE,
      "DOWN", "L7STS", "not serving" },
    { "secret", "srvr is not executed because it is not in the whitelist.\n", WHOLE, "UP",
      "L4OK", "whitelist" },
    { "full", "", WHOLE, "DOWN", "L7RSP", "maxClientCnxns" },
    { "frozen", "", STUCK, "DOWN", "L7TOUT", "timeout" },
    { "half", FIGURES, STUCK, "DOWN", "L7TOUT", "timeout" },
    { "cut", FIGURES, WHOLE, "DOWN", "L7RSP", "not an answer of ZooKeeper" },
    { "byte", "Z", WHOLE, "DOWN", "L7RSP", "not an answer of ZooKeeper" },
    { "loud", MODE("LEADER"), WHOLE, "DOWN", "L7RSP", "unknown mode: LEADER" },
    { "page", "HTTP/1.1 400 Bad Request\r\n\r\n", WHOLE, "DOWN", "L7RSP", "HTTP/1.1" },
    { "noise", "no end of this\n", ENDLESS, "DOWN", "L7RSP", "longer than" },
};

enum { SAYINGS = sizeof sayings / sizeof *sayings };
enum { MANY = 10 * 1024 * 1024, PIECE = 65536 };

static bool say(struct visit *visit, const char *text, size_t length)
{
    return send(visit->fd, text, length, MSG_NOSIGNAL) == (ssize_t)length;
}

static void say_all(struct visit *visit, const struct saying *saying)
{
    size_t length = strlen(saying->text), step = saying->way == DRIPPING ? 1 : length;
    int one = 1;

    (void)setsockopt(visit->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    for (size_t i = 0; i < length; i += step)
        if (!say(visit, saying->text + i, step))
            return;
}

static void say_much(struct visit *visit)
{
    static char piece[PIECE];

    memset(piece, 'x', sizeof piece);
    for (int sent = 0; sent < MANY; sent += PIECE)
        if (!say(visit, piece, sizeof piece))
            return;
}

static bool hears_srvr(struct visit *visit)
{
    char word[5] = "";

    return recv(visit->fd, word, 4, MSG_WAITALL) == 4 && !strcmp(word, "srvr");
}

static void answer(struct visit *visit)
{
    char byte;

    if (!hears_srvr(visit))
        return;
    atomic_fetch_add(&visit->facts->asked, 1);
    for (size_t i = 0; i < SAYINGS; i++) {
        if (strcmp(sayings[i].name, visit->plan->name) != 0)
            continue;
        say_all(visit, &sayings[i]);
        if (sayings[i].way == ENDLESS)
            say_much(visit);
        if (sayings[i].way == STUCK)
            (void)recv(visit->fd, &byte, 1, 0);
    }
}

static struct origin *serve(const char *name)
{
    return origin_serve((struct origin_plan){ .name = name, .script = answer });
}

static bool is_judged(struct usher *usher, const struct saying *saying)
{
    return !strcmp(usher_stat(usher, "app", saying->name, "status"), saying->status) &&
           strstr(usher_stat(usher, "app", saying->name, "check_status"), saying->code) &&
           strstr(usher_stat(usher, "app", saying->name, "last_chk"), saying->why);
}

Test(zookeeper_answers, are_all_understood)
{
    struct origin *origins[SAYINGS];
    const char *servers = "";
    struct usher *usher;

    for (size_t i = 0; i < SAYINGS; i++) {
        origins[i] = serve(sayings[i].name);
        servers = kept_format("%sserver = %s %s\n", servers, sayings[i].name,
                              origin_address(origins[i]));
    }
    usher = usher_start(USHER_WEB USHER_APP CHECKS "check-timeout = 600ms\n%s", servers);
    for (size_t i = 0; i < SAYINGS; i++)
        eventually(is_judged(usher, &sayings[i]), 10000);
    for (size_t i = 0; i < SAYINGS; i++)
        eventually(atomic_load(&origin_facts(origins[i])->asked) > 3, 10000);
    for (size_t i = 0; i < SAYINGS; i++)
        eventually(is_judged(usher, &sayings[i]), 10000);
    cr_expect_eq(usher_log_count(usher, "whitelist"), 1);
    cr_expect_eq(usher_log_count(usher, "app/idle"), 1);
    usher_stop(usher);
}

Test(zookeeper_answers, may_be_good_enough_by_configuration)
{
    struct origin *alone = serve("alone"), *reader = serve("reader"),
                  *busy = serve("follower");
    const char *servers =
        kept_format("server = alone %s\nserver = reader %s\nserver = busy %s\n",
                    origin_address(alone), origin_address(reader), origin_address(busy));
    struct usher *usher = usher_start(USHER_WEB USHER_APP CHECKS
                                      "zookeeper-standalone = yes\n"
                                      "zookeeper-read-only = yes\nmax-outstanding = 49\n"
                                      "%s",
                                      servers);

    eventually(usher_stat_is(usher, "app/busy", "status", "DOWN"), 5000);
    eventually(strstr(usher_stat(usher, "app", "busy", "last_chk"), "50 requests"), 5000);
    cr_expect_str_eq(usher_stat(usher, "app", "alone", "status"), "DOWN");
    (void)usher_reload(usher,
                       USHER_WEB USHER_APP CHECKS "zookeeper-standalone = yes\n"
                                                  "zookeeper-read-only = yes\n%s",
                       servers);
    eventually(usher_stat_is(usher, "app/alone", "status", "UP"), 5000);
    eventually(usher_stat_is(usher, "app/reader", "status", "UP"), 5000);
    eventually(usher_stat_is(usher, "app/busy", "status", "UP"), 5000);
    usher_stop(usher);
}

/* It will not tell, so that it is as good as its connections. */
Test(zookeeper_answers, that_are_refused_do_not_keep_a_server_down_that_came_back)
{
    struct origin *secret = serve("secret");
    struct usher *usher = usher_start(USHER_WEB USHER_APP CHECKS "server = secret %s\n",
                                      origin_address(secret));

    eventually(usher_stat_is(usher, "app/secret", "status", "UP"), 5000);
    origin_kill(secret);
    eventually(usher_stat_is(usher, "app/secret", "status", "DOWN"), 5000);
    origin_revive(secret);
    eventually(usher_stat_is(usher, "app/secret", "status", "UP"), 5000);
    cr_expect_eq(usher_log_count(usher, "whitelist"), 1);
    usher_stop(usher);
}

static void lead_old(struct visit *visit)
{
    static const char text[] = "Zxid: 0x400000002\nMode: leader\n";

    if (hears_srvr(visit))
        (void)say(visit, text, strlen(text));
}

Test(zookeeper_answers, of_a_leader_that_was_replaced_do_not_count)
{
    struct origin *stale = origin_serve(
        (struct origin_plan){ .name = "stale", .script = lead_old });
    struct origin *leader = origin_serve(
        (struct origin_plan){ .name = "leader", .script = answer, .is_absent = true });
    struct usher *usher = usher_start(USHER_WEB USHER_APP CHECKS
                                      "server = stale %s\nserver = leader %s\n",
                                      origin_address(stale), origin_address(leader));

    eventually(usher_logged(usher, "ensemble app is led by stale", "epoch=4", NULL),
               5000);
    eventually(usher_stat_is(usher, "app/stale", "status", "UP"), 5000);
    origin_revive(leader);
    eventually(usher_stat_is(usher, "app/stale", "status", "DOWN"), 5000);
    cr_expect_str_eq(usher_stat(usher, "app", "stale", "last_chk"),
                     "stale leader: epoch 4 while another one has 5");
    eventually(usher_logged(usher, "ensemble app is led by leader", "was=stale",
                            "epoch=5", NULL),
               5000);
    meanwhile(usher_stat_is(usher, "app/stale", "status", "DOWN"), 1200);
    cr_expect_eq(usher_log_count(usher, "is led by"), 2);
    origin_kill(leader);
    eventually(usher_stat_is(usher, "app/stale", "status", "UP"), 5000);
    usher_stop(usher);
}
