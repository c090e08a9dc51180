#include "control/tickets.h"

#include "../net/tls_pair.h"
#include "control/control_parts.h"
#include "net/tls_ticket.h"
#include "worker/worker.h"

/* A control with workers and nothing else. */
static struct control control;
static struct tls_acceptor *acceptor;
static struct tls_connector *connector;

static void set_up(void)
{
    struct wish wish = { .names = "DNS:a.test", .issuer = &authority };
    struct team_settings settings = { .count = WORKERS, .maxconn = 10 };

    set_up_pair();
    control.loop = settings.loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    control.team = team_create(&settings);
    cr_assert(control.team && team_start(control.team));
    acceptor = accept_with((struct tls_acceptor_settings){ 0 }, issue("a.pem", &wish));
    connector = connect_with((struct tls_connector_settings){ 0 });
    tickets_begin(&control);
}

static void tear_down(void)
{
    tickets_end(&control);
    team_end(control.team);
    team_destroy(control.team);
    ev_loop_destroy(control.loop);
    tls_acceptor_destroy(acceptor);
    tls_connector_destroy(connector);
    tear_down_pair();
}

TestSuite(tickets, .timeout = 20, .init = set_up, .fini = tear_down);

/* A client who comes to one worker. */
struct visit {
    unsigned worker;
    SSL_SESSION *ticket; /* it has this; NULL: none */
    bool is_served, is_resumed, is_over;
};

/* On each worker's thread, where that worker's keys are. */
static void serve_visit(struct worker *worker, void *job)
{
    struct visit *visit = job;

    if (worker_id(worker) != visit->worker)
        return;
    close_pair();
    connect_pair();
    (void)tls_accept(&server, acceptor, visit->worker);
    (void)tls_connect(&client, connector, 0, "a.test");
    if (visit->ticket)
        resume(visit->ticket);
    visit->is_served = is_shaken();
    visit->is_resumed = tls_facts(&server).is_resumed;
}

static void end_visit(void *job)
{
    ((struct visit *)job)->is_over = true;
}

static bool is_resumed(unsigned worker, SSL_SESSION *ticket)
{
    struct visit visit = { .worker = worker, .ticket = ticket };

    team_tell(control.team, serve_visit, end_visit, &visit);
    while (!visit.is_over)
        (void)ev_run(control.loop, EVRUN_ONCE);
    cr_expect(visit.is_served, "worker %u: %s", worker, conn_trouble(&server));
    return visit.is_resumed;
}

/* By a client who was never here. */
static SSL_SESSION *take_ticket(unsigned worker)
{
    tls_connector_destroy(connector);
    connector = connect_with((struct tls_connector_settings){ 0 });
    cr_expect_not(is_resumed(worker, NULL));
    return SSL_get1_session(ssl_of(&client));
}

/* As if its time had come. */
static void make_next_key(void)
{
    ev_feed_event(control.loop, &control.next_key, EV_TIMER);
    (void)ev_run(control.loop, EVRUN_NOWAIT);
}

Test(tickets, of_one_worker_are_good_with_another)
{
    SSL_SESSION *ticket = take_ticket(0);

    cr_expect(is_resumed(1, ticket));
    cr_expect(is_resumed(0, ticket));
    SSL_SESSION_free(ticket);
}

Test(tickets, are_good_with_all_workers_for_two_more_keys)
{
    SSL_SESSION *ticket = take_ticket(1);

    for (unsigned keys = 1; keys <= 3; keys++) {
        make_next_key();
        for (unsigned worker = 0; worker < WORKERS; worker++)
            cr_expect_eq(is_resumed(worker, ticket), keys <= 2, "%u %u", keys, worker);
    }
    SSL_SESSION_free(ticket);
}

Test(tickets, are_made_with_the_newest_key_by_all_workers)
{
    SSL_SESSION *tickets[WORKERS];

    make_next_key();
    for (unsigned worker = 0; worker < WORKERS; worker++)
        tickets[worker] = take_ticket(worker);
    make_next_key();
    make_next_key();
    for (unsigned worker = 0; worker < WORKERS; worker++) {
        cr_expect(is_resumed(1 - worker, tickets[worker]));
        SSL_SESSION_free(tickets[worker]);
    }
}

Test(tickets, have_a_timer_for_the_next_key)
{
    double after = ev_timer_remaining(control.loop, &control.next_key);

    cr_expect(ev_is_active(&control.next_key));
    cr_expect(after > 7.9 * 3600 && after < 8.1 * 3600, "%g s", after);
    cr_expect(control.next_key.repeat > 0);
}
