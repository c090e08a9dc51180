/* What the tests of flows share: one flow between two sockets of the test. */
#pragma once

#include "proxy/flow.h"

#include "net/conn_kind.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

/* giver --> from, flow, to --> taker: the ends are the test's, the middle is usher's. */
static int giver, taker;
static struct conn from, to;
static struct flow flow;
static struct workspace workspace;
static unsigned char chunk[WORKSPACE_SCRATCH];
static size_t given, taken; /* bytes, of a pattern that says where each belongs */

static inline unsigned char byte_at(size_t place)
{
    return (unsigned char)(place * 31 + place / 251);
}

static inline int open_conn(struct conn *conn)
{
    int pair[2];

    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair),
                 0);
    conn_init(conn, NULL, NULL);
    conn_open(conn, pair[0]);
    return pair[1];
}

static inline void set_up(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    workspace_init(&workspace, &(struct workspace_settings){ .maxconn = 1, .pipes = 1 });
    giver = open_conn(&from);
    taker = open_conn(&to);
    flow_init(&flow, &from, &to);
}

/* Small ones and large ones. */
static inline size_t pieces_used(void)
{
    return workspace.small_pieces.used + workspace.pieces.used;
}

static inline void tear_down(void)
{
    flow_deinit(&flow, &workspace);
    cr_expect_eq(pieces_used(), 0);
    (void)close(conn_fd(&from));
    (void)close(conn_fd(&to));
    workspace_deinit(&workspace);
}

static inline void give(size_t length)
{
    cr_assert_leq(length, sizeof chunk);
    for (size_t i = 0; i < length; i++)
        chunk[i] = byte_at(given + i);
    cr_assert_eq(send(giver, chunk, length, 0), (ssize_t)length);
    given += length;
}

/* Takes what is there; every byte must be the next one. */
static inline size_t take(void)
{
    size_t before = taken;
    ssize_t got;

    while ((got = recv(taker, chunk, sizeof chunk, 0)) > 0)
        for (ssize_t i = 0; i < got; i++, taken++)
            cr_assert_eq(chunk[i], byte_at(taken), "byte %zu is wrong", taken);
    return taken - before;
}

static inline bool move(void)
{
    return flow_move(&flow, &workspace);
}

static inline void give_end(void)
{
    cr_assert_eq(shutdown(giver, SHUT_WR), 0);
}

/* Gives and moves until the taker's side is full. */
static inline void fill(void)
{
    while (!flow_wants_to_write(&flow)) {
        give(sizeof chunk);
        (void)move();
    }
}

static inline void take_all(void)
{
    do
        (void)take();
    while (move() || taken < flow.moved);
}

/* The peer of `conn` breaks off: it leaves unread what it was sent. */
static inline void reset(const struct conn *conn, int peer)
{
    (void)send(conn_fd(conn), "!", 1, MSG_NOSIGNAL);
    (void)close(peer);
}

static inline void make_bulk(void)
{
    while (!flow.is_bulk) {
        give(sizeof chunk);
        (void)move();
        (void)take();
    }
}

static inline bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) != -1;
}
