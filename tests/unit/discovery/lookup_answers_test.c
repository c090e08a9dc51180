/* The lookup alone: the resolver is stood in for, and says what the test wants. */
#include "discovery/lookup.h"

#include "backend/backend.h"
#include "backend/server_set.h"
#include "base/log.h"
#include "net/resolver.h"

#include <criterion/criterion.h>
#include <ev.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The one that is open. */
struct question {
    resolver_answered *on_answer;
    void *owner;
};

static struct question question;
static bool is_open;
static struct ev_loop *loop;
static struct backend *backend;
static struct server *server;
static struct lookup *lookup;
static int finds, pipe_fds[2];

struct question *resolver_ask(struct resolver *resolver, const struct address_parts *name,
                              resolver_answered *on_answer, void *owner)
{
    (void)resolver, (void)name;
    cr_assert_not(is_open);
    question = (struct question){ on_answer, owner };
    is_open = true;
    return &question;
}

void resolver_drop(struct question *dropped)
{
    is_open &= !dropped;
}

static void on_found(void *owner, struct server *found, struct address *address)
{
    (void)owner;
    finds++;
    free((void *)(uintptr_t)server_set_address(found, address));
}

static void set_up(void)
{
    struct server_settings settings = { .name = "a", .text = "a", .weight = 1 };

    cr_assert_eq(pipe2(pipe_fds, O_NONBLOCK), 0);
    cr_assert_eq(dup2(pipe_fds[1], STDERR_FILENO), STDERR_FILENO);
    log_set_level(LEVEL_INFO);
    loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    backend = backend_create("app", 1, 1);
    cr_assert_null(address_parse("db.example:5432", &settings.destination));
    server = server_create(backend, &settings, 1);
    backend_add(backend, server);
    lookup = lookup_create(loop, NULL, server);
    lookup_begin(lookup, on_found, NULL);
}

static void tear_down(void)
{
    lookup_destroy(lookup);
    backend_destroy(backend);
    ev_loop_destroy(loop);
}

TestSuite(lookup_answers, .timeout = 30, .init = set_up, .fini = tear_down);

static void answer(const char *error, const char *address)
{
    struct address_parts parts;
    struct resolved resolved = { .error = error, .ttl_ms = 1 };

    while (!is_open)
        ev_run(loop, EVRUN_ONCE);
    if (!error) {
        cr_assert_null(address_parse(address, &parts));
        resolved.count = 1;
        resolved.addresses = &parts.address;
    }
    is_open = false;
    question.on_answer(question.owner, &resolved);
}

static void expect_at(const char *address)
{
    cr_expect_str_eq(address_text(server_address(server)).chars, address);
}

/* What was said since the last look: how many lines. */
static unsigned count_lines(void)
{
    char said[4096];
    ssize_t got = read(pipe_fds[0], said, sizeof said);
    unsigned count = 0;

    for (ssize_t i = 0; i < got; i++)
        count += said[i] == '\n';
    return count;
}

Test(lookup_answers, that_a_name_is_gone_leave_the_server_where_it_was)
{
    answer(NULL, "192.0.2.1:5432");
    expect_at("192.0.2.1:5432");
    cr_expect_eq(count_lines(), 1);

    answer("Domain name not found", NULL);
    answer("Domain name not found", NULL);
    expect_at("192.0.2.1:5432");
    cr_expect_eq(finds, 1);
    cr_expect_eq(count_lines(), 1, "a failure is told once");
}

Test(lookup_answers, that_the_name_is_back_move_the_server_only_if_it_moved)
{
    answer(NULL, "192.0.2.1:5432");
    answer("Timeout while contacting DNS servers", NULL);
    answer(NULL, "192.0.2.1:5432");
    cr_expect_eq(finds, 1);
    cr_expect_eq(count_lines(), 3);
    answer(NULL, "192.0.2.2:5432");

    expect_at("192.0.2.2:5432");
    cr_expect_eq(finds, 2);
    cr_expect_eq(count_lines(), 1);
}
