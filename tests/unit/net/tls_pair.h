/* A client and a server of TLS over a socketpair, both driven by the test. */
#pragma once

#include "authority.h"
#include "net/conn.h"
#include "net/conn_tls.h"
#include "net/tls.h"
#include "net/tls_acceptor.h"
#include "net/tls_connector.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>

enum { WORKERS = 2 };

static struct ev_loop *loop;
static struct problems *problems;
static struct identity authority;
static const char *authority_path;
static struct conn client, server; /* server accepts, client connects */

static inline void on_anything(struct ev_loop *ready_loop, ev_io *io, int events)
{
    (void)ready_loop;
    if (io->data)
        *(int *)io->data |= events;
}

static inline void connect_pair(void)
{
    int pair[2];

    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair),
                 0);
    conn_open(&client, pair[0]);
    conn_open(&server, pair[1]);
}

static inline void close_pair(void)
{
    conn_close(&client, loop);
    conn_close(&server, loop);
}

static inline void set_up_pair(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    problems = problems_create();
    make_folder();
    authority = make_identity(&(struct wish){ .subject = "authority" });
    authority_path = strdup(write_certificate("authority.pem", &authority));
    conn_init(&client, on_anything, NULL);
    conn_init(&server, on_anything, NULL);
    connect_pair();
}

static inline void tear_down_pair(void)
{
    close_pair();
    drop_identity(&authority);
    free((void *)(uintptr_t)authority_path);
    problems_destroy(problems);
    remove_folder();
    ev_loop_destroy(loop);
}

static inline struct tls_acceptor *accept_with(struct tls_acceptor_settings settings,
                                               const char *path)
{
    struct tls_acceptor *acceptor;

    if (!settings.policy)
        settings.policy = "web";
    if (!settings.paths) {
        settings.paths = &path;
        settings.path_count = 1;
    }
    acceptor = tls_acceptor_create(&settings, WORKERS, problems);
    cr_assert(acceptor, "%s", said(problems));
    return acceptor;
}

/* Trusts the authority of the tests. */
static inline struct tls_connector *connect_with(struct tls_connector_settings settings)
{
    struct tls_connector *connector;

    settings.verify = true;
    if (!settings.ca)
        settings.ca = authority_path;
    connector = tls_connector_create(&settings, WORKERS, problems);
    cr_assert(connector, "%s", said(problems));
    return connector;
}

static inline void begin(const struct tls_acceptor *acceptor,
                         const struct tls_connector *connector, const char *host)
{
    cr_assert(tls_accept(&server, acceptor, 0));
    cr_assert(tls_connect(&client, connector, 0, host));
}

static inline SSL *ssl_of(const struct conn *conn)
{
    return conn_tls_stream(conn)->ssl;
}

/* Until both have done what they can. */
static inline void shake(enum io *of_client, enum io *of_server)
{
    for (int round = 0; round < 50; round++) {
        *of_client = conn_handshake(&client);
        *of_server = conn_handshake(&server);
    }
}

/* In TLS 1.3 a client is done before it is judged: its next read tells. */
static inline enum io read_one(struct conn *conn)
{
    char byte;
    size_t got;

    return conn_read(conn, &byte, 1, &got);
}

static inline bool is_shaken(void)
{
    enum io of_client, of_server;

    shake(&of_client, &of_server);
    return of_client == IO_DONE && of_server == IO_DONE &&
           read_one(&client) == IO_AGAIN && read_one(&server) == IO_AGAIN;
}

/* A new pair; afterwards look at the conns. */
static inline bool meet(const struct tls_acceptor *acceptor,
                        const struct tls_connector *connector, const char *host)
{
    close_pair();
    connect_pair();
    begin(acceptor, connector, host);
    return is_shaken();
}

/* OpenSSL uses a session of TLS 1.3 once; a copy does not know that it was used. */
static inline void resume(SSL_SESSION *session)
{
    unsigned char bytes[8192], *end = bytes;
    const unsigned char *begin_of_copy = bytes;
    SSL_SESSION *copy;
    int length = i2d_SSL_SESSION(session, &end);

    copy = d2i_SSL_SESSION(NULL, &begin_of_copy, length);
    cr_assert(copy);
    cr_assert(SSL_set_session(ssl_of(&client), copy));
    SSL_SESSION_free(copy);
}

/* An acceptor for "a.test" and a connector that trusts it, shaken. */
static inline void meet_plainly(bool is_old)
{
    struct wish wish = { .names = "DNS:a.test", .issuer = &authority };
    struct tls_acceptor *acceptor = accept_with((struct tls_acceptor_settings){ 0 },
                                                issue("a.pem", &wish));
    struct tls_connector *connector = connect_with((struct tls_connector_settings){ 0 });

    begin(acceptor, connector, "a.test");
    if (is_old)
        SSL_set_max_proto_version(ssl_of(&client), TLS1_2_VERSION);
    cr_assert(is_shaken(), "%s %s", conn_trouble(&client), conn_trouble(&server));
    tls_acceptor_destroy(acceptor);
    tls_connector_destroy(connector);
}
