/* c-ares on main's loop. Its callbacks come whenever it likes, even inside the call that
 * asked; answers are therefore put in a line and given out from the loop. */
#include "net/resolver.h"

#include "base/list.h"
#include "base/memory.h"

#include <ares.h>
#include <arpa/inet.h>
#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { TRIES = 2, TRY_MS = 2000, TTL_LEAST_MS = 1000, TTL_MOST_MS = 300000 };

/* One reading of resolv.conf: a changed file gets a new channel, and the old one goes
 * with its last question. */
struct channel {
    struct link link;
    ares_channel ares;
    ev_timer timer;
    struct link sockets;
    size_t open; /* questions not answered by c-ares yet */
    bool is_leaving;
    struct ev_loop *loop; /* borrowed */
};

/* A socket that c-ares opened. */
struct wire {
    struct link link;
    ev_io io;
    struct channel *channel; /* borrowed */
};

struct resolver {
    ev_timer deliver;
    struct link answered; /* questions */
    struct link asked;
    struct link channels;    /* owned; leaving ones too */
    struct channel *channel; /* the present one; NULL while c-ares cannot be had */
    struct timespec changed; /* resolv.conf, when the channel was made */
    struct ev_loop *loop;    /* borrowed */
    struct resolver_counts counts;
};

struct question {
    struct link link;
    resolver_answered *on_answer; /* NULL: dropped */
    void *owner;
    uint16_t port;
    const char *error;
    size_t count;
    struct address *addresses; /* owned */
    uint64_t ttl_ms;
    struct channel *channel;   /* borrowed; NULL once answered */
    struct resolver *resolver; /* borrowed */
};

static struct question *as_question(struct link *link)
{
    return list_object(link, struct question, link);
}

static void free_question(struct question *question)
{
    list_remove(&question->link);
    free(question->addresses);
    free(question);
}

static void restart_timer(struct channel *channel)
{
    struct timeval left;

    ev_timer_stop(channel->loop, &channel->timer);
    if (!ares_timeout(channel->ares, NULL, &left))
        return;
    ev_timer_set(&channel->timer, (double)left.tv_sec + (double)left.tv_usec / 1e6, 0.);
    ev_timer_start(channel->loop, &channel->timer);
}

static void destroy_channel(struct channel *channel)
{
    ares_destroy(channel->ares);
    list_remove(&channel->link);
    ev_timer_stop(channel->loop, &channel->timer);
    free(channel);
}

/* After c-ares had its turn; never from inside one of its callbacks. */
static void settle(struct channel *channel)
{
    if (channel->is_leaving && !channel->open)
        destroy_channel(channel);
    else
        restart_timer(channel);
}

static void process(struct channel *channel, int readable, int writable)
{
    ares_process_fd(channel->ares, readable, writable);
    settle(channel);
}

static void on_wire_ready(struct ev_loop *loop, ev_io *io, int events)
{
    struct wire *wire = io->data;
    int fd = io->fd;

    (void)loop;
    process(wire->channel, events & EV_READ ? fd : ARES_SOCKET_BAD,
            events & EV_WRITE ? fd : ARES_SOCKET_BAD);
}

static void on_channel_timer(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)loop, (void)events;
    process(timer->data, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

static struct wire *find_wire(struct channel *channel, int fd)
{
    list_each(link, &channel->sockets) {
        struct wire *wire = list_object(link, struct wire, link);

        if (wire->io.fd == fd)
            return wire;
    }
    return NULL;
}

static struct wire *add_wire(struct channel *channel, int fd)
{
    struct wire *wire = memory_new(sizeof *wire);

    wire->channel = channel;
    ev_io_init(&wire->io, on_wire_ready, fd, 0);
    wire->io.data = wire;
    list_append(&channel->sockets, &wire->link);
    return wire;
}

/* c-ares tells of a socket it is about to close by wanting nothing of it. */
static void on_interest(void *data, ares_socket_t fd, int readable, int writable)
{
    struct channel *channel = data;
    struct wire *wire = find_wire(channel, fd);

    if (!wire && !readable && !writable)
        return;
    if (!wire)
        wire = add_wire(channel, fd);
    ev_io_stop(channel->loop, &wire->io);
    if (!readable && !writable) {
        list_remove(&wire->link);
        free(wire);
        return;
    }
    ev_io_modify(&wire->io, (readable ? EV_READ : 0) | (writable ? EV_WRITE : 0));
    ev_io_start(channel->loop, &wire->io);
}

/* Without a resolv.conf c-ares asks 127.0.0.1; the hosts file is read all the same. */
static struct channel *create_channel(struct ev_loop *loop)
{
    struct channel *channel = memory_new(sizeof *channel);
    struct ares_options options = {
        .timeout = TRY_MS,
        .tries = TRIES,
        .sock_state_cb = on_interest,
        .sock_state_cb_data = channel,
    };
    int mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB;

    channel->loop = loop;
    list_init(&channel->sockets);
    ev_timer_init(&channel->timer, on_channel_timer, 0., 0.);
    channel->timer.data = channel;
    if (ares_init_options(&channel->ares, &options, mask) == ARES_SUCCESS)
        return channel;
    free(channel);
    return NULL;
}

static void retire_channel(struct channel *channel)
{
    if (!channel)
        return;
    channel->is_leaving = true;
    if (!channel->open)
        destroy_channel(channel);
}

static bool is_same_time(const struct timespec *one, const struct timespec *other)
{
    return one->tv_sec == other->tv_sec && one->tv_nsec == other->tv_nsec;
}

/* The channel for a new question, made again when its file has changed. */
static struct channel *refresh_channel(struct resolver *resolver)
{
    struct stat info = { 0 };

    (void)stat("/etc/resolv.conf", &info);
    if (resolver->channel && is_same_time(&info.st_mtim, &resolver->changed))
        return resolver->channel;
    retire_channel(resolver->channel);
    resolver->changed = info.st_mtim;
    resolver->channel = create_channel(resolver->loop);
    if (resolver->channel)
        list_append(&resolver->channels, &resolver->channel->link);
    return resolver->channel;
}

static void deliver(struct question *question)
{
    struct resolved resolved = { question->error, question->count, question->addresses,
                                 question->ttl_ms };

    question->on_answer(question->owner, &resolved);
}

static void start_delivery(struct resolver *resolver)
{
    if (list_is_empty(&resolver->answered) || ev_is_active(&resolver->deliver))
        return;
    ev_timer_set(&resolver->deliver, 0., 0.);
    ev_timer_start(resolver->loop, &resolver->deliver);
}

/* One at a time: the owner may ask anew and drop others meanwhile. */
static void on_deliver(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct resolver *resolver = timer->data;
    struct question *question;

    (void)loop, (void)events;
    if (list_is_empty(&resolver->answered))
        return;
    question = as_question(resolver->answered.next);
    list_remove(&question->link);
    start_delivery(resolver);
    deliver(question);
    free_question(question);
}

static void put_in_line(struct question *question)
{
    struct resolver *resolver = question->resolver;

    list_remove(&question->link);
    list_append(&resolver->answered, &question->link);
    start_delivery(resolver);
}

static bool has_address(const struct question *question, const struct address *address)
{
    for (size_t i = 0; i < question->count; i++)
        if (address_is_equal(&question->addresses[i], address))
            return true;
    return false;
}

static void keep_address(struct question *question, const struct ares_addrinfo_node *node)
{
    struct address address = { .length = node->ai_addrlen };

    if (node->ai_addrlen > sizeof address.as)
        return;
    memcpy(&address.as, node->ai_addr, node->ai_addrlen);
    address_set_port(&address, question->port);
    if (!has_address(question, &address))
        question->addresses[question->count++] = address;
}

static void keep_least(uint64_t *ttl_ms, int seconds)
{
    uint64_t ms = seconds > 0 ? (uint64_t)seconds * 1000 : 0;

    if (ms < *ttl_ms)
        *ttl_ms = ms;
}

static void keep_result(struct question *question, const struct ares_addrinfo *result)
{
    const struct ares_addrinfo_node *node;
    uint64_t ttl_ms = TTL_MOST_MS;
    size_t count = 0;

    for (node = result->nodes; node; node = node->ai_next)
        count++;
    question->addresses = memory_new_array(count, sizeof *question->addresses);
    for (node = result->nodes; node; node = node->ai_next) {
        keep_address(question, node);
        keep_least(&ttl_ms, node->ai_ttl);
    }
    for (struct ares_addrinfo_cname *name = result->cnames; name; name = name->next)
        keep_least(&ttl_ms, name->ttl);
    question->ttl_ms = ttl_ms < TTL_LEAST_MS ? TTL_LEAST_MS : ttl_ms;
}

static void count_result(struct resolver_counts *counts, int status)
{
    if (status == ARES_SUCCESS)
        counts->found++;
    else if (status == ARES_ENOTFOUND || status == ARES_ENODATA)
        counts->unknown++;
    else if (status == ARES_ETIMEOUT)
        counts->timed_out++;
    else if (status == ARES_EREFUSED || status == ARES_ECONNREFUSED)
        counts->refused++;
    else
        counts->failed++;
}

static void on_result(void *data, int status, int timeouts, struct ares_addrinfo *result)
{
    struct question *question = data;

    (void)timeouts;
    question->channel->open--;
    question->channel = NULL;
    count_result(&question->resolver->counts, status);
    if (!question->on_answer) {
        free_question(question);
        ares_freeaddrinfo(result);
        return;
    }
    if (status == ARES_SUCCESS)
        keep_result(question, result);
    if (!question->count)
        question->error = ares_strerror(status == ARES_SUCCESS ? ARES_ENODATA : status);
    ares_freeaddrinfo(result);
    put_in_line(question);
}

struct resolver_counts resolver_counts(const struct resolver *resolver)
{
    return resolver->counts;
}

static void write_servers(const struct ares_addr_port_node *servers, char *text,
                          size_t size)
{
    char host[INET6_ADDRSTRLEN];
    size_t length = 0;

    for (; servers && length + 1 < size; servers = servers->next) {
        (void)inet_ntop(servers->family, &servers->addr, host, sizeof host);
        length += (size_t)snprintf(text + length, size - length, "%s%s",
                                   length ? "," : "", host);
    }
}

void resolver_write_servers(const struct resolver *resolver, char *text, size_t size)
{
    struct ares_addr_port_node *servers = NULL;

    (void)snprintf(text, size, "none");
    if (!resolver->channel ||
        ares_get_servers_ports(resolver->channel->ares, &servers) != ARES_SUCCESS)
        return;
    write_servers(servers, text, size);
    ares_free_data(servers);
}

const char *resolver_version(void)
{
    return ares_version(NULL);
}

struct resolver *resolver_create(struct ev_loop *loop)
{
    struct resolver *resolver = memory_new(sizeof *resolver);

    resolver->loop = loop;
    list_init(&resolver->answered);
    list_init(&resolver->asked);
    list_init(&resolver->channels);
    ev_timer_init(&resolver->deliver, on_deliver, 0., 0.);
    resolver->deliver.data = resolver;
    (void)ares_library_init(ARES_LIB_INIT_ALL);
    return resolver;
}

void resolver_destroy(struct resolver *resolver)
{
    if (!resolver)
        return;
    list_each(link, &resolver->asked)
        as_question(link)->on_answer = NULL;
    list_each(link, &resolver->channels)
        destroy_channel(list_object(link, struct channel, link));
    list_each(link, &resolver->answered)
        free_question(as_question(link));
    ev_timer_stop(resolver->loop, &resolver->deliver);
    ares_library_cleanup();
    free(resolver);
}

static void send_question(struct channel *channel, const char *host,
                          struct question *question)
{
    struct ares_addrinfo_hints hints = { .ai_family = AF_UNSPEC,
                                         .ai_socktype = SOCK_STREAM };

    question->channel = channel;
    channel->open++;
    ares_getaddrinfo(channel->ares, host, NULL, &hints, on_result, question);
    settle(channel);
}

struct question *resolver_ask(struct resolver *resolver, const struct address_parts *name,
                              resolver_answered *on_answer, void *owner)
{
    struct question *question = memory_new(sizeof *question);
    struct channel *channel = refresh_channel(resolver);

    question->resolver = resolver;
    question->on_answer = on_answer;
    question->owner = owner;
    question->port = name->port;
    list_append(&resolver->asked, &question->link);
    resolver->counts.asked++;
    if (channel) {
        send_question(channel, name->host, question);
    } else {
        resolver->counts.failed++;
        question->error = "the resolver cannot be set up";
        put_in_line(question);
    }
    return question;
}

/* c-ares cannot forget a single question: it runs out and nobody hears of it. */
void resolver_drop(struct question *question)
{
    if (!question)
        return;
    if (question->channel)
        question->on_answer = NULL;
    else
        free_question(question);
}
