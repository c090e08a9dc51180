/* The clients of the bench, and who reads the meter: asks through a proxy for a while and
 * prints, for exactly that while, what the proxy spent.
 *
 *   load KIND IP:PORT [-c CLIENTS] [-m MILLISECONDS] [-p PID] [-t] [-r]
 *
 * -p names the proxy, -t speaks TLS, -r resumes TLS sessions. The kinds are below. */
#include "latency.h"
#include "message.h"
#include "watched.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

enum {
    EVENTS = 64,
    WARM_MS = 250,
    SETTLE_MS = 500,
    REACH_MS = 15000,
    PATIENCE_MS = 20000,
    READS = 4,
    READ_BYTES = 1 << 20,
    MOST_AT_ONCE = 32,
    FIRST_FEW = 64,
};

static const uint64_t MS = 1000000, SECOND = 1000000000;

struct client {
    int fd; /* -1 while it could not connect */
    SSL *tls;
    SSL_SESSION *session; /* what the last connection left, good for one more */
    bool shaking_hands;
    bool is_served; /* has heard something, some time */
    uint64_t heard; /* bytes of the present answer */
    uint64_t asked_at;
};

struct kind {
    const char *name;
    uint64_t wanted; /* bytes of an answer */
    double unit;     /* how much of what is counted makes one unit */
    void (*run)(void);
    void (*answered)(struct client *);
};

static struct {
    struct sockaddr_in address;
    const struct kind *kind;
    size_t count, broken, served;
    uint64_t span;
    pid_t proxy;
    bool resumes;
    SSL_CTX *tls; /* NULL: plain */
    int poll_fd;
    struct client *clients;
    struct message ask;
    double counted;
    uint64_t errors, began_at, began_cpu;
    struct latency latency;
} load = { .count = 1, .span = SECOND };

static char bytes[READ_BYTES];

static uint64_t now(void)
{
    struct timespec time;

    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

static void pause_ms(unsigned ms)
{
    struct timespec time = { ms / 1000, (long)(ms % 1000) * (long)MS };

    (void)nanosleep(&time, NULL);
}

static void close_client(struct client *client)
{
    if (client->tls) {
        if (SSL_is_init_finished(client->tls))
            (void)SSL_shutdown(client->tls);
        SSL_free(client->tls);
        client->tls = NULL;
    }
    if (client->fd != -1)
        (void)close(client->fd);
    client->fd = -1;
}

/* What OpenSSL noted of it would be taken for an error of the next client. */
static void fail_client(struct client *client)
{
    load.errors++;
    load.broken++;
    close_client(client);
    ERR_clear_error();
}

static void ask(struct client *client)
{
    ssize_t said;

    client->heard = 0;
    if (client->tls)
        said = SSL_write(client->tls, &load.ask, sizeof load.ask);
    else
        said = send(client->fd, &load.ask, sizeof load.ask, MSG_NOSIGNAL);
    if (said != sizeof load.ask)
        fail_client(client);
}

static void shake_hands(struct client *client)
{
    int done = SSL_do_handshake(client->tls);

    if (done == 1) {
        client->shaking_hands = false;
        if (client->session && !SSL_session_reused(client->tls))
            load.errors++;
        ask(client);
    } else if (SSL_get_error(client->tls, done) != SSL_ERROR_WANT_READ) {
        fail_client(client);
    }
}

static void begin_tls(struct client *client)
{
    (void)fcntl(client->fd, F_SETFL, O_NONBLOCK);
    client->tls = SSL_new(load.tls);
    if (!client->tls)
        errx(1, "SSL_new");
    SSL_set_fd(client->tls, client->fd);
    SSL_set_connect_state(client->tls);
    SSL_set_app_data(client->tls, client);
    if (client->session)
        (void)SSL_set_session(client->tls, client->session);
    client->shaking_hands = true;
    shake_hands(client);
}

/* On loopback a blocking connect returns at once, and spares a turn of the loop. */
static void open_client(struct client *client)
{
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = client };
    int on = 1;

    client->asked_at = now();
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(client->fd, (struct sockaddr *)&load.address, sizeof load.address) ==
            -1 ||
        epoll_ctl(load.poll_fd, EPOLL_CTL_ADD, client->fd, &event) == -1) {
        fail_client(client);
        return;
    }
    if (load.tls)
        begin_tls(client);
    else
        ask(client);
}

static void mend_broken(void)
{
    load.broken = 0;
    for (size_t i = 0; i < load.count; i++)
        if (load.clients[i].fd == -1)
            open_client(&load.clients[i]);
}

/* The bytes heard, 0 when there are none now, -1 at the end. What is pulled without TLS
 * is dropped in the kernel: here the proxy is measured, not its client. */
static ssize_t listen_to(struct client *client)
{
    bool drops = load.kind->wanted == MESSAGE_ENDLESS;
    ssize_t got;

    if (client->tls) {
        got = SSL_read(client->tls, bytes, sizeof bytes);
        if (got <= 0)
            got = SSL_get_error(client->tls, (int)got) == SSL_ERROR_WANT_READ ? 0 : -1;
        return got;
    }
    got = recv(client->fd, drops ? NULL : bytes, sizeof bytes,
               MSG_DONTWAIT | (drops ? MSG_TRUNC : 0));
    if (got == -1 && errno == EAGAIN)
        return 0;
    return got > 0 ? got : -1;
}

static void hear(struct client *client)
{
    ssize_t got;

    for (int reads = client->tls ? READS : 1; reads > 0; reads--) {
        got = listen_to(client);
        if (got < 0)
            fail_client(client);
        if (got <= 0)
            return;
        client->heard += (uint64_t)got;
        load.served += client->is_served ? 0 : 1;
        client->is_served = true;
        if (load.kind->wanted == MESSAGE_ENDLESS) {
            load.counted += (double)got;
        } else if (client->heard >= load.kind->wanted) {
            load.kind->answered(client);
            return;
        }
    }
}

static void turn(int wait_ms)
{
    struct epoll_event events[EVENTS];
    int ready = epoll_wait(load.poll_fd, events, EVENTS, load.broken ? 1 : wait_ms);

    for (int i = 0; i < ready; i++) {
        struct client *client = events[i].data.ptr;

        if (client->fd == -1)
            continue;
        if (client->shaking_hands)
            shake_hands(client);
        else
            hear(client);
    }
    if (load.broken)
        mend_broken();
}

static void go_on_for(uint64_t span)
{
    uint64_t until = now() + span;

    while (now() < until)
        turn(10);
}

static void count_answer(struct client *client)
{
    uint64_t time = now();

    latency_add(&load.latency, time - client->asked_at);
    client->asked_at = time;
    load.counted++;
}

static void ask_again(struct client *client)
{
    count_answer(client);
    ask(client);
}

/* The others are silent. */
static void ask_again_if_first(struct client *client)
{
    if (client < load.clients + FIRST_FEW)
        ask_again(client);
}

static void come_again(struct client *client)
{
    count_answer(client);
    close_client(client);
    open_client(client);
}

static void begin_counting(void)
{
    latency_clear(&load.latency);
    load.counted = 0.;
    load.errors = 0;
    load.began_cpu = load.proxy ? watched_sum(load.proxy, watched_cpu_ns) : 0;
    load.began_at = now();
}

static void print_costs(void)
{
    double seconds = (double)(now() - load.began_at) / (double)SECOND;
    uint64_t cpu = load.proxy ? watched_sum(load.proxy, watched_cpu_ns) : 0;
    double units = load.counted / load.kind->unit;

    if (load.proxy && !cpu)
        errx(1, "no CPU time in /proc/%d/task/*/schedstat", load.proxy);
    printf("rate %.1f\nerrors %" PRIu64 "\n", units / seconds, load.errors);
    if (load.proxy && units > 0.)
        printf("cpu %.3f\nbusy %.4f\nprivate %" PRIu64 "\n",
               (double)(cpu - load.began_cpu) / 1e3 / units,
               (double)(cpu - load.began_cpu) / 1e9 / seconds,
               watched_sum(load.proxy, watched_private_bytes));
    if (load.latency.total)
        printf("p50 %.1f\np99 %.1f\n", latency_percentile(&load.latency, 50.),
               latency_percentile(&load.latency, 99.));
}

/* The clients from the one to the other connect, few at a time, and are served. */
static void settle(size_t from, size_t to)
{
    uint64_t until = now() + PATIENCE_MS * MS;

    for (size_t i = from; i < to; i++) {
        open_client(&load.clients[i]);
        while (i + 1 - load.served >= MOST_AT_ONCE && now() < until)
            turn(10);
    }
    while (load.served < to && now() < until)
        turn(10);
    if (load.served < to)
        errx(1, "only %zu of %zu clients were served", load.served, to);
}

static void run_busy(void)
{
    settle(0, load.count);
    go_on_for(WARM_MS * MS);
    begin_counting();
    go_on_for(load.span);
    print_costs();
}

/* What one more silent client costs; the first few pay for what is shared. One that the
 * proxy closes meanwhile is an error. */
static void run_hold(void)
{
    uint64_t before, after;

    settle(0, FIRST_FEW);
    go_on_for(SETTLE_MS * MS);
    before = watched_sum(load.proxy, watched_private_bytes);
    begin_counting();
    settle(FIRST_FEW, load.count);
    go_on_for(SETTLE_MS * MS);
    after = watched_sum(load.proxy, watched_private_bytes);
    printf("each %.0f\nprivate %" PRIu64 "\nerrors %" PRIu64 "\n",
           ((double)after - (double)before) / (double)(load.count - FIRST_FEW), after,
           load.errors);
}

static void run_rest(void)
{
    begin_counting();
    pause_ms((unsigned)(load.span / MS));
    load.counted = (double)(now() - load.began_at) / (double)SECOND;
    print_costs();
}

/* How long until somebody answers. */
static void run_reach(void)
{
    uint64_t since = now();

    load.broken = 1;
    while (!load.served) {
        if (now() - since > REACH_MS * MS)
            errx(1, "no answer");
        turn(1);
    }
    printf("reached %.2f\n", (double)(now() - since) / (double)MS);
}

static const struct kind kinds[] = {
    /* keeps its connections and asks again and again */
    { "ask", MESSAGE_ASK_BYTES, 1., run_busy, ask_again },
    /* the same, and only the first few of them ask again */
    { "crowd", MESSAGE_ASK_BYTES, 1., run_busy, ask_again_if_first },
    /* one connection for each ask */
    { "visit", MESSAGE_ASK_BYTES, 1., run_busy, come_again },
    /* asks once, for bytes without end; counts megabytes */
    { "pull", UINT64_MAX, 1 << 20, run_busy, NULL },
    /* asks once, and holds the connection: tells the memory of each */
    { "hold", MESSAGE_ASK_BYTES, 1., run_hold, count_answer },
    /* does nothing but read the meter; a second is a unit */
    { "rest", 0, 1., run_rest, NULL },
    /* tries until one ask is answered; tells the milliseconds this took */
    { "reach", MESSAGE_ASK_BYTES, 1., run_reach, count_answer },
};

static const struct kind *find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    errx(2, "no such kind: %s", name);
}

static int on_session(SSL *tls, SSL_SESSION *session)
{
    struct client *client = SSL_get_app_data(tls);

    if (!load.resumes)
        return 0;
    SSL_SESSION_free(client->session);
    client->session = session;
    return 1;
}

static void prepare_tls(void)
{
    load.tls = SSL_CTX_new(TLS_client_method());
    if (!load.tls)
        errx(1, "SSL_CTX_new");
    SSL_CTX_set_mode(load.tls, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(load.tls,
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(load.tls, on_session);
}

static void read_options(int count, char *words[])
{
    int letter;

    while ((letter = getopt(count, words, "c:m:p:tr")) != -1) {
        if (letter == 'c')
            load.count = strtoul(optarg, NULL, 10);
        else if (letter == 'm')
            load.span = strtoull(optarg, NULL, 10) * MS;
        else if (letter == 'p')
            load.proxy = (pid_t)strtol(optarg, NULL, 10);
        else if (letter == '?')
            exit(2);
        load.resumes = load.resumes || letter == 'r';
        if (letter == 't' && !load.tls)
            prepare_tls();
    }
    if (optind + 2 != count || !message_address(words[optind + 1], &load.address))
        errx(2, "usage: load KIND IP:PORT [-c CLIENTS] [-m MS] [-p PID] [-t] [-r]");
    load.kind = find_kind(words[optind]);
}

int main(int count, char *words[])
{
    (void)signal(SIGPIPE, SIG_IGN);
    read_options(count, words);
    load.ask.wanted = load.kind->wanted;
    load.poll_fd = epoll_create1(EPOLL_CLOEXEC);
    load.clients = calloc(load.count, sizeof *load.clients);
    if (load.poll_fd == -1 || !load.clients)
        err(1, "cannot begin");
    for (size_t i = 0; i < load.count; i++)
        load.clients[i].fd = -1;
    load.kind->run();
    return 0;
}
