/* Non-blocking sockets and poll, so that nothing can hang. */
#include "support/client.h"

#include "support/kept.h"
#include "support/patience.h"
#include "support/usher.h"
#include "support/wire.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HELD_SIZE = 16 * 1024 };

struct client {
    struct client *next;
    int fd;
    enum stream_end end;
    uint64_t sent, received; /* of the pattern */
    size_t held;             /* bytes that came but were not asked for yet */
    char bytes[HELD_SIZE];
};

/* So that what a test leaves behind is no leak. */
static struct client *all;

static struct client *create(int fd)
{
    struct client *client = calloc(1, sizeof *client);

    cr_assert(client, "no memory");
    client->fd = fd;
    client->next = all;
    all = client;
    return client;
}

struct client *client_try_from(const char *source, const char *address)
{
    int fd = wire_connect_from(source, address, patience_ms(CLIENT_MS));

    return fd == -1 ? NULL : create(fd);
}

struct client *client_try(const char *address)
{
    return client_try_from(NULL, address);
}

struct client *client_dial_from(const char *source, const char *address)
{
    int fd = wire_connect_from(source, address, patience_ms(CLIENT_MS));

    cr_assert_neq(fd, -1, "cannot connect to %s: %s", address, strerror(errno));
    return create(fd);
}

struct client *client_dial(const char *address)
{
    return client_dial_from(NULL, address);
}

struct client *client_connect(struct usher *usher)
{
    return client_dial(usher_web(usher));
}

int client_fd(const struct client *client)
{
    return client->fd;
}

static void forget(struct client *client)
{
    struct client **link = &all;

    while (*link && *link != client)
        link = &(*link)->next;
    if (*link)
        *link = client->next;
    free(client);
}

void client_close(struct client *client)
{
    if (!client)
        return;
    (void)close(client->fd);
    forget(client);
}

void client_reset(struct client *client)
{
    wire_close_with_reset(client->fd);
    forget(client);
}

void client_half_close(struct client *client)
{
    cr_assert_eq(shutdown(client->fd, SHUT_WR), 0, "shutdown: %s", strerror(errno));
}

static bool put(struct client *client, const char *bytes, size_t length)
{
    uint64_t deadline = patience_now_ms() + patience_ms(CLIENT_MS);

    while (length > 0) {
        ssize_t sent = send(client->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (sent == -1 && errno != EAGAIN)
            return false;
        if (sent == -1 && !wire_wait(client->fd, POLLOUT, deadline))
            return false;
        if (sent > 0) {
            bytes += sent;
            length -= (size_t)sent;
        }
    }
    return true;
}

bool client_try_say(struct client *client, const char *text)
{
    return put(client, text, strlen(text));
}

bool client_try_put(struct client *client, const void *bytes, size_t length)
{
    return put(client, bytes, length);
}

void client_put(struct client *client, const void *bytes, size_t length)
{
    cr_assert(client_try_put(client, bytes, length), "could not put %zu bytes: %s",
              length, strerror(errno));
}

void client_say(struct client *client, const char *text)
{
    cr_assert(client_try_say(client, text), "could not say \"%.40s\": %s", text,
              strerror(errno));
}

/* False when nothing comes before the deadline; an end is noted. */
static bool fetch(struct client *client, uint64_t deadline)
{
    ssize_t got;

    if (client->end != STREAM_OPEN)
        return true;
    if (!wire_wait(client->fd, POLLIN, deadline))
        return false;
    got = recv(client->fd, client->bytes + client->held,
               sizeof client->bytes - client->held, MSG_DONTWAIT);
    if (got > 0)
        client->held += (size_t)got;
    else if (got == 0)
        client->end = STREAM_FIN;
    else if (errno != EAGAIN)
        client->end = STREAM_RESET;
    return true;
}

void client_take(struct client *client, void *bytes, size_t length)
{
    uint64_t deadline = patience_now_ms() + patience_ms(CLIENT_MS);
    char *to = bytes;

    while (length > 0) {
        size_t part = client->held < length ? client->held : length;

        memcpy(to, client->bytes, part);
        client->held -= part;
        memmove(client->bytes, client->bytes + part, client->held);
        to += part;
        length -= part;
        cr_assert(length == 0 || client->end == STREAM_OPEN, "%zu bytes short at a %s",
                  length, stream_end_name(client->end));
        if (length > 0)
            cr_assert(fetch(client, deadline), "%zu bytes short", length);
    }
}

static const char *take_line(struct client *client, const char *lf)
{
    size_t length = (size_t)(lf - client->bytes);
    const char *line = kept_format("%.*s", (int)length, client->bytes);

    client->held -= length + 1;
    memmove(client->bytes, lf + 1, client->held);
    return line;
}

static const char *hear(struct client *client, uint64_t deadline)
{
    for (;;) {
        const char *lf = memchr(client->bytes, '\n', client->held);

        if (lf)
            return take_line(client, lf);
        if (client->end != STREAM_OPEN || !fetch(client, deadline))
            return NULL;
    }
}

const char *client_hear(struct client *client)
{
    const char *line = hear(client, patience_now_ms() + patience_ms(CLIENT_MS));

    cr_assert(line || client->end != STREAM_OPEN, "heard no line in time");
    return line;
}

const char *client_ask(struct client *client, const char *line)
{
    const char *answer;

    client_say(client, kept_format("%s\n", line));
    answer = client_hear(client);
    cr_assert(answer, "asked \"%s\", got a %s", line, stream_end_name(client->end));
    return answer;
}

const char *client_ask_once(const char *address)
{
    struct client *client = client_try(address);
    const char *answer = NULL;

    if (!client)
        return "";
    if (client_try_say(client, "who\n"))
        answer = hear(client, patience_now_ms() + patience_ms(CLIENT_MS));
    client_close(client);
    return answer ? answer : "";
}

const char *client_hear_all(struct client *client)
{
    uint64_t deadline = patience_now_ms() + patience_ms(CLIENT_MS);
    const char *text = "";

    while (client->end == STREAM_OPEN) {
        cr_assert(fetch(client, deadline), "heard no end in time after \"%.60s\"", text);
        text = kept_format("%s%.*s", text, (int)client->held, client->bytes);
        client->held = 0;
    }
    return text;
}

enum stream_end client_end(struct client *client, uint64_t ms)
{
    uint64_t deadline = patience_now_ms() + ms;

    while (client->end == STREAM_OPEN && fetch(client, deadline))
        client->held = 0;
    return client->end;
}

bool client_is_refused(const char *address, uint64_t ms)
{
    struct client *client = client_try(address);
    struct stream stream = { .to_receive = 1 };
    bool is_refused = !client;

    if (client) {
        stream.fd = client->fd;
        is_refused = stream_run(&stream, ms) && stream.end == STREAM_RESET;
        client_close(client);
    }
    return is_refused;
}

bool client_is_open(struct client *client)
{
    if (client->held < sizeof client->bytes)
        (void)fetch(client, patience_now_ms());
    return client->end == STREAM_OPEN;
}

void client_exchange(struct client *client, struct stream *stream)
{
    uint64_t ms = patience_ms(3 * (uint64_t)CLIENT_MS);
    bool is_done;

    stream->fd = client->fd;
    is_done = stream_run(stream, ms);
    client->end = stream->end;
    cr_assert(!stream->is_wrong, "wrong bytes among the first %llu",
              (unsigned long long)stream->received);
    cr_assert(is_done, "stuck: sent %llu of %llu, received %llu",
              (unsigned long long)stream->sent, (unsigned long long)stream->to_send,
              (unsigned long long)stream->received);
}

void client_send(struct client *client, uint64_t bytes)
{
    uint64_t goal = client->sent + bytes;
    struct stream stream = { .sent = client->sent, .to_send = goal };

    client_exchange(client, &stream);
    client->sent = stream.sent;
    cr_assert_eq(stream.sent, goal, "sent only %llu of %llu",
                 (unsigned long long)stream.sent, (unsigned long long)goal);
}

void client_receive(struct client *client, uint64_t bytes)
{
    uint64_t goal = client->received + bytes;
    struct stream stream = { .received = client->received, .to_receive = goal };

    client_exchange(client, &stream);
    client->received = stream.received;
    cr_assert_eq(stream.received, goal, "received only %llu of %llu, then %s",
                 (unsigned long long)stream.received, (unsigned long long)goal,
                 stream_end_name(stream.end));
}
