#include "health/agent.h"

#include "backend/backend.h"
#include "backend/backend_settings.h"
#include "backend/history.h"
#include "backend/server_set.h"
#include "backend/server_weight.h"
#include "net/socket.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <ev.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct ev_loop *loop;
static struct backend *backend;
static struct server *server;
static struct agent *agent;
static struct check_settings settings = {
    .timeout_ms = 5000,
    .agent = { .interval_ms = 10 },
};
static struct address where;
static int listener;
static ev_io waiting;
static const char *words; /* what the agent says; NULL: nothing, and it stays */
static char heard[64];
static int changes;

static void on_change(struct agent *changed, void *owner)
{
    cr_expect_eq(owner, &changes);
    (void)changed;
    changes++;
}

static void on_asked(struct ev_loop *with, ev_io *io, int events)
{
    struct endpoint client;
    int fd = socket_accept(io->fd, &client);

    (void)with, (void)events;
    if (fd == -1)
        return;
    if (settings.agent.send)
        while (recv(fd, heard, sizeof heard - 1, 0) <= 0)
            continue;
    if (words)
        (void)send(fd, words, strlen(words), MSG_NOSIGNAL);
    (void)close(fd);
}

static void set_up(void)
{
    struct server_settings wanted = { .name = "a", .text = "a", .weight = 10 };
    struct socket_options options = { .backlog = 16 };

    cr_assert_null(address_parse("127.0.0.1:0", &wanted.destination));
    where = wanted.destination.address;
    listener = socket_bind(&where, &options);
    cr_assert(socket_listen(listener, 64));
    cr_assert(socket_local_address(listener, &where));
    loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    ev_io_init(&waiting, on_asked, listener, EV_READ);
    ev_io_start(loop, &waiting);
    backend = backend_create("app", 1, 1);
    server = server_create(backend, &wanted, 1);
    backend_add(backend, server);
    agent = agent_create(loop, server, on_change, &changes);
}

static void tear_down(void)
{
    agent_destroy(agent);
    (void)close(listener);
    backend_destroy(backend);
    ev_loop_destroy(loop);
}

TestSuite(agent, .timeout = 20, .init = set_up, .fini = tear_down);

static void begin(void)
{
    agent_begin(agent, &settings, address_port(&where));
}

#define until(condition)                                                                 \
    while (!(condition))                                                                 \
    ev_run(loop, EVRUN_ONCE)

static void stop_listening(void)
{
    ev_io_stop(loop, &waiting);
    (void)close(listener);
    listener = -1;
}

Test(agent, puts_down_what_is_said)
{
    words = "up 40% maxconn:7\n";
    begin();
    until(server_weight(server) == 4);
    cr_expect_eq(server->maxconn, 7);
    cr_expect_eq(changes, 1, "told of each change, once");
    cr_expect_str_eq(agent_facts(agent).said, "up 40% maxconn:7");
    cr_expect_eq(agent_facts(agent).result, RESULT_ANSWERED);
    words = "drain\n";
    until(server->agent.will);
    cr_expect_eq(server_weight(server), 10, "a report is complete by itself");
    cr_expect_eq(agent_facts(agent).result, RESULT_ANSWER_BAD);
    cr_expect_eq(history_count(server->history), 1, "load is no change");
    cr_expect_str_eq(history_at(server->history, 0)->from, "ready");
    cr_expect_str_eq(history_at(server->history, 0)->to, "drain");
    cr_expect_eq(history_at(server->history, 0)->who, HISTORY_AGENT);
}

Test(agent, fades_when_it_is_gone)
{
    words = "50% down#so";
    begin();
    until(server->agent.is_down);
    stop_listening();
    until(server_weight(server) > 5);
    cr_expect_lt(server_weight(server), 10, "one step at a time");
    until(!server->agent.is_down);
    cr_expect_eq(server_weight(server), 10);
    cr_expect_eq(changes, 6);
    cr_expect(agent_facts(agent).has_report);
    cr_expect_str_eq(agent_facts(agent).said, "Connection refused");
}

Test(agent, that_says_nothing_of_meaning_is_silent)
{
    words = "50%";
    begin();
    until(server_weight(server) == 5);
    words = "SSH-2.0-OpenSSH\r\n";
    until(server_weight(server) == 10);
    cr_expect_eq(agent_facts(agent).result, RESULT_ANSWER_WRONG);
    words = "";
    until(!strcmp(agent_facts(agent).said, "ended without an answer"));
}

Test(agent, is_told_a_line_first)
{
    static char line[] = "app";

    settings.agent.send = line;
    words = "drain";
    begin();
    memset(line, 'x', 3);
    until(server->agent.will == WILL_DRAIN);
    cr_expect_str_eq(heard, "app\n");
}

/* The generation that had them may be gone long since. */
Test(agent, needs_no_sources_of_those_who_began_it)
{
    struct source_settings source = { .address = where };

    address_set_port(&source.address, 0);
    settings.source_count = 1;
    settings.sources = &source;
    words = "20%";
    begin();
    source.address.as.ip4.sin_addr.s_addr = htonl(0xc0000201); /* 192.0.2.1 */
    until(agent_facts(agent).has_answer);
    cr_expect_str_eq(agent_facts(agent).said, "20%");
}

Test(agent, counts_for_nothing_while_disabled)
{
    words = "20%";
    begin();
    until(server_weight(server) == 2);
    agent_enable(agent, false);
    cr_expect_eq(server_weight(server), 10);
    cr_expect_eq(changes, 2);
    agent_enable(agent, true);
    until(server_weight(server) == 2);
}

Test(agent, keeps_its_word_while_paused)
{
    words = "20%";
    begin();
    until(server_weight(server) == 2);
    agent_pause(agent, true);
    words = "30%";
    begin();
    cr_expect_not(agent_facts(agent).is_asking);
    cr_expect_eq(server_weight(server), 2);
    agent_pause(agent, false);
    until(server_weight(server) == 3);
}

Test(agent, may_be_overruled_until_it_reports)
{
    words = "up";
    agent_force(agent, true);
    cr_expect(server->agent.is_down);
    begin();
    until(!server->agent.is_down);
    cr_expect_eq(changes, 2);
}

Test(agent, takes_its_words_along_when_it_is_ended)
{
    words = "down";
    begin();
    until(server->agent.is_down);
    agent_destroy(agent);
    agent = NULL;
    cr_expect_not(server->agent.is_down);
    cr_expect_eq(changes, 2);
}
