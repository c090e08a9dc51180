/* Holds one piece for each direction and waits when it cannot get rid of it. */
#include "support/passage.h"

#include "support/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PIECE = 16 * 1024, PAUSE_US = 1000 };

struct direction {
    struct passage_end *from, *to;
    size_t start, end; /* of what is held */
    bool has_ended;    /* nothing more will come */
    bool is_finished;  /* and the other side knows */
    unsigned char bytes[PIECE];
};

static void set_flags(int fd, int flags)
{
    (void)fcntl(fd, F_SETFL, flags);
}

void passage_block(int fd)
{
    set_flags(fd, 0);
}

static bool is_again(const struct passage_end *end, int result)
{
    int error = SSL_get_error(end->ssl, result);

    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

/* -1: not now; 0: an end of either kind. */
static ssize_t read_tls(struct passage_end *end, unsigned char *bytes)
{
    int got;

    ERR_clear_error();
    got = SSL_read(end->ssl, bytes, PIECE);
    if (got > 0)
        return got;
    if (is_again(end, got))
        return -1;
    if (SSL_get_error(end->ssl, got) != SSL_ERROR_ZERO_RETURN)
        end->was_reset = true;
    return 0;
}

static ssize_t read_some(struct passage_end *end, unsigned char *bytes)
{
    ssize_t got;

    if (end->ssl)
        return read_tls(end, bytes);
    got = recv(end->fd, bytes, PIECE, MSG_DONTWAIT);
    if (got != -1)
        return got;
    if (errno == EAGAIN || errno == EINTR)
        return -1;
    end->was_reset = true;
    return 0;
}

static ssize_t write_some(struct passage_end *end, const unsigned char *bytes,
                          size_t length)
{
    ssize_t put;

    if (!end->ssl) {
        put = send(end->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (put == -1 && errno != EAGAIN && errno != EINTR)
            end->was_reset = true;
        return put;
    }
    ERR_clear_error();
    put = SSL_write(end->ssl, bytes, (int)length);
    if (put <= 0 && !is_again(end, (int)put))
        end->was_reset = true;
    return put > 0 ? put : -1;
}

static void finish(struct direction *way)
{
    struct passage_end *to = way->to;

    way->is_finished = true;
    if (to->was_reset)
        return;
    ERR_clear_error();
    if (to->ssl && !to->is_curt)
        (void)SSL_shutdown(to->ssl);
    (void)shutdown(to->fd, SHUT_WR);
}

static bool fill(struct direction *way)
{
    ssize_t got;

    if (way->has_ended || way->start < way->end)
        return false;
    got = read_some(way->from, way->bytes);
    way->start = 0;
    way->end = got > 0 ? (size_t)got : 0;
    way->has_ended = got == 0;
    return got != -1;
}

/* Nobody is left to take what is held: it is dropped. */
static bool drain(struct direction *way)
{
    ssize_t put;

    if (way->start == way->end)
        return false;
    put = way->to->was_reset
              ? -1
              : write_some(way->to, way->bytes + way->start, way->end - way->start);
    if (put > 0)
        way->start += (size_t)put;
    else if (way->to->was_reset)
        way->start = way->end;
    return put > 0 || way->to->was_reset;
}

static bool is_over(const struct direction *way)
{
    return way->has_ended && way->start == way->end;
}

static bool is_broken(const struct direction *way)
{
    return is_over(way) && way->from->was_reset;
}

static bool move(struct direction *way)
{
    bool has_moved = fill(way);

    has_moved |= drain(way);
    if (is_over(way) && !way->is_finished && !way->from->was_reset)
        finish(way);
    return has_moved;
}

static short events_of(const struct direction *in, const struct direction *out)
{
    bool wants_more = !in->has_ended && in->start == in->end;
    bool has_more = out->start < out->end;

    return (short)((wants_more ? POLLIN : 0) | (has_more ? POLLOUT : 0));
}

/* What poll tells unasked is told once: it would never stop. */
static void note_hangup(struct passage_end *end, const struct pollfd *polled)
{
    if (polled->revents & POLLERR)
        end->was_reset = true;
    if (polled->revents & (POLLERR | POLLHUP) && !polled->events)
        end->is_settled = true;
}

static void await(struct direction *there, struct direction *back)
{
    struct passage_end *near = there->from, *far = there->to;
    struct pollfd polled[2] = { { .fd = near->fd, .events = events_of(there, back) },
                                { .fd = far->fd, .events = events_of(back, there) } };

    if (near->is_settled && !polled[0].events)
        polled[0].fd = -1;
    if (far->is_settled && !polled[1].events)
        polled[1].fd = -1;
    (void)poll(polled, 2, -1);
    note_hangup(near, &polled[0]);
    note_hangup(far, &polled[1]);
}

/* A reset would overtake what the other's kernel has not got yet. */
static void settle(const struct passage_end *end)
{
    int unsent = 1;

    while (!end->was_reset && ioctl(end->fd, SIOCOUTQ, &unsent) == 0 && unsent > 0)
        (void)usleep(PAUSE_US);
}

void passage_fail(struct passage_end *near, struct passage_end *far)
{
    struct passage_end *ends[] = { near, far };

    for (int i = 0; i < 2; i++) {
        if (ends[i]->fd == -1)
            continue;
        settle(ends[i]);
        wire_close_with_reset(ends[i]->fd);
        ends[i]->fd = -1;
    }
}

void passage_serve(struct passage_end *near, struct passage_end *far)
{
    struct direction there = { .from = near, .to = far };
    struct direction back = { .from = far, .to = near };
    bool is_broken_off = false;

    set_flags(near->fd, O_NONBLOCK);
    set_flags(far->fd, O_NONBLOCK);
    while (!is_broken_off && !(there.is_finished && back.is_finished)) {
        bool has_moved = move(&there);

        has_moved |= move(&back);
        is_broken_off = is_broken(&there) || is_broken(&back);
        if (!has_moved && !is_broken_off && !(there.is_finished && back.is_finished))
            await(&there, &back);
    }
    if (is_broken_off)
        passage_fail(near, far);
}

void passage_close(struct passage_end *end)
{
    SSL_free(end->ssl);
    if (end->fd != -1)
        (void)close(end->fd);
}
