/* A conn under TLS. Its owner sees what it would see of a plain one: events that OpenSSL
 * needs in between, or hides by reading ahead, are asked for and answered here. */
#include "net/conn_tls.h"

#include "base/list.h"
#include "net/conn_kind.h"
#include "net/tls_socket.h"
#include "net/tls_trouble.h"

#include <errno.h>
#include <openssl/err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    TROUBLE_SIZE = 256,
    MESSAGES_MOST = 32, /* after the handshake, without data in between */
};

static struct tls_stream *stream_of(const struct conn *conn)
{
    return conn->secret;
}

void conn_tls_blame(struct tls_stream *stream, const char *format, ...)
{
    char text[TROUBLE_SIZE];
    va_list arguments;

    if (stream->trouble)
        return;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    stream->trouble = strdup(text);
}

static enum io die(struct conn *conn)
{
    struct tls_stream *stream = stream_of(conn);

    stream->is_deaf = stream->is_mute = true;
    conn->was_reset = true;
    return IO_FAILED;
}

/* A failed write leaves what the peer sent before it went, and that may still be read. */
static enum io fail(struct conn *conn, const struct tls_failure *failure)
{
    struct tls_stream *stream = stream_of(conn);
    char text[TROUBLE_SIZE];

    conn_tls_blame(stream, "%s", tls_trouble(failure, text, sizeof text));
    conn->was_faulty = failure->error == SSL_ERROR_SSL &&
                       ERR_GET_REASON(ERR_peek_error()) !=
                           SSL_R_UNEXPECTED_EOF_WHILE_READING;
    ERR_clear_error();
    if (failure->error != SSL_ERROR_SYSCALL || !stream->is_shaken)
        return die(conn);
    stream->is_mute = true;
    conn->was_reset = true;
    return IO_FAILED;
}

static bool may_send_end(const struct tls_stream *stream)
{
    return stream->is_shaken && !stream->is_mute && !stream->has_said_end;
}

/* With SSL_OP_IGNORE_UNEXPECTED_EOF a bare FIN looks like close_notify; only the BIO
 * knows that it ran dry. */
static enum io end(struct conn *conn)
{
    struct tls_stream *stream = stream_of(conn);

    if (BIO_eof(SSL_get_rbio(stream->ssl)))
        conn->was_truncated = true;
    /* A reset looks like an end once it has met a write that OpenSSL forgives. */
    if (conn->was_truncated && may_send_end(stream) && conn_is_broken(conn))
        return die(conn);
    stream->has_ended = true;
    return IO_ENDED;
}

/* A message, once it has been read or written, leaves a state of its own behind; renewing
 * a TLS that forbids it gets an alert. */
static bool is_message(const SSL *ssl, int where)
{
    return (where & SSL_CB_LOOP && SSL_get_state(ssl) != TLS_ST_OK) ||
           where == SSL_CB_WRITE_ALERT;
}

/* New keys and the like OpenSSL answers by itself: within one call, as many as come. Told
 * that the peer has ended, it stops at the next record. Data does not call this. */
static void on_step(const SSL *ssl, int where, int value)
{
    struct tls_stream *stream = conn_tls_of((SSL *)(uintptr_t)ssl);

    if (!stream->is_shaken || !is_message(ssl, where))
        return;
    if (where == SSL_CB_WRITE_ALERT && (value & UINT8_MAX) == SSL_AD_NO_RENEGOTIATION)
        conn_tls_blame(stream, "the %s wants to renegotiate",
                       stream->is_connector ? "server" : "client");
    if (++stream->messages > MESSAGES_MOST)
        SSL_set_shutdown(stream->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

/* What it means that a call moved nothing; `needs` receives what it waits for. */
static enum io judge(struct conn *conn, int result, uint8_t *needs)
{
    struct tls_stream *stream = stream_of(conn);
    struct tls_failure failure = { .number = errno, .ssl = stream->ssl };

    if (stream->messages > MESSAGES_MOST) {
        conn_tls_blame(stream, "too many key updates");
        conn->was_faulty = true;
        return die(conn);
    }
    failure.is_connector = stream->is_connector;
    failure.error = SSL_get_error(stream->ssl, result);
    if (failure.error == SSL_ERROR_WANT_READ || failure.error == SSL_ERROR_WANT_WRITE) {
        *needs = failure.error == SSL_ERROR_WANT_READ ? EV_READ : EV_WRITE;
        return IO_AGAIN;
    }
    if (failure.error == SSL_ERROR_ZERO_RETURN && stream->is_shaken && !stream->has_ended)
        return end(conn);
    /* After an end that was read, OpenSSL says the same of a write that failed. */
    if (failure.error == SSL_ERROR_ZERO_RETURN)
        failure.error = SSL_ERROR_SYSCALL;
    return fail(conn, &failure);
}

/* Once more after the handshake, for a resumed one saw no verification of its own. What
 * was shown to the peer is not needed again: nothing renegotiates. */
static enum io take_peer(struct conn *conn)
{
    struct tls_stream *stream = stream_of(conn);
    char text[TROUBLE_SIZE];

    conn->wants = 0;
    stream->is_shaken = stream->may_hold = true;
    (void)SSL_free_buffers(stream->ssl);
    SSL_certs_clear(stream->ssl);
    if (!tls_trouble_of_peer(stream->ssl, text, sizeof text))
        return IO_DONE;
    conn_tls_blame(stream, "%s", text);
    return die(conn);
}

static bool give_socket(SSL *ssl, int fd)
{
    BIO *bio = tls_socket_create(fd);

    if (bio)
        SSL_set_bio(ssl, bio, bio);
    return bio != NULL;
}

bool conn_tls_start(struct conn *conn)
{
    struct tls_stream *stream = stream_of(conn);

    ERR_clear_error();
    stream->ssl = SSL_new(stream->context);
    SSL_CTX_free(stream->context);
    stream->context = NULL;
    if (!stream->ssl || !give_socket(stream->ssl, conn->io.fd))
        return false;
    SSL_set_default_passwd_cb_userdata(stream->ssl, stream);
    SSL_set_info_callback(stream->ssl, on_step);
    if (stream->is_connector)
        SSL_set_connect_state(stream->ssl);
    else
        SSL_set_accept_state(stream->ssl);
    return true;
}

/* What is not needed while the peer is waited for goes back. */
static enum io go_on_shaking(struct conn *conn)
{
    struct tls_stream *stream = stream_of(conn);
    enum io io;
    int result;

    ERR_clear_error();
    errno = 0;
    result = SSL_do_handshake(stream->ssl);
    if (result == 1)
        return take_peer(conn);
    conn->wants = 0;
    io = judge(conn, result, &conn->wants);
    if (io == IO_AGAIN)
        (void)SSL_free_buffers(stream->ssl);
    return io;
}

static enum io shake_tls(struct conn *conn)
{
    struct tls_stream *stream = stream_of(conn);

    if (stream->is_deaf)
        return IO_FAILED;
    if (stream->is_shaken)
        return IO_DONE;
    if (!stream->ssl && !tls_arrival_is_due(&stream->arrival, conn->io.fd))
        return IO_AGAIN;
    if (!stream->ssl && !conn_tls_start(conn)) {
        conn_tls_blame(stream, "out of memory");
        return die(conn);
    }
    return go_on_shaking(conn);
}

/* A record that is not full is the last one there for now, if nothing else is held: the
 * next read of the socket would be in vain. */
static bool is_all(const struct tls_stream *stream, size_t count)
{
    return count < SSL3_RT_MAX_PLAIN_LENGTH && !SSL_has_pending(stream->ssl);
}

static size_t note_data(struct tls_stream *stream, size_t count)
{
    stream->messages = 0;
    return count;
}

static enum io read_tls(struct conn *conn, void *bytes, size_t room, size_t *got)
{
    struct tls_stream *stream = stream_of(conn);
    enum io io = stream->has_ended ? IO_ENDED : IO_DONE;
    size_t count = 0;

    if (stream->is_deaf || !stream->is_shaken)
        return IO_FAILED;
    stream->read_needs = EV_READ;
    while (io == IO_DONE && *got < room) {
        ERR_clear_error();
        errno = 0;
        if (SSL_read_ex(stream->ssl, (char *)bytes + *got, room - *got, &count))
            *got += note_data(stream, count);
        else
            io = judge(conn, 0, &stream->read_needs);
        if (io == IO_DONE && is_all(stream, count))
            break;
    }
    if (io == IO_FAILED)
        stream->is_deaf = true;
    stream->may_hold = *got && io != IO_AGAIN;
    (void)SSL_free_buffers(stream->ssl);
    return *got ? IO_DONE : io;
}

static enum io write_tls(struct conn *conn, const void *bytes, size_t length, size_t *put)
{
    struct tls_stream *stream = stream_of(conn);
    enum io io = IO_DONE;
    size_t count = 0;

    if (stream->is_mute || !stream->is_shaken)
        return IO_FAILED;
    stream->write_needs = EV_WRITE;
    while (io == IO_DONE && *put < length) {
        tls_socket_set_more(SSL_get_wbio(stream->ssl),
                            length - *put > SSL3_RT_MAX_PLAIN_LENGTH);
        ERR_clear_error();
        errno = 0;
        if (SSL_write_ex(stream->ssl, (const char *)bytes + *put, length - *put, &count))
            *put += note_data(stream, count);
        else
            io = judge(conn, 0, &stream->write_needs);
    }
    return *put ? IO_DONE : io;
}

/* close_notify. With more to come it waits in the kernel for the FIN, to share its
 * packet. */
static int say_end(SSL *ssl, bool has_more)
{
    ERR_clear_error();
    errno = 0;
    tls_socket_set_more(SSL_get_wbio(ssl), has_more);
    return SSL_shutdown(ssl);
}

/* Called a second time only while something of it is left: a further call would read,
 * and drop, what the peer still sends. */
static void send_end(struct conn *conn)
{
    struct tls_stream *stream = stream_of(conn);
    uint8_t needs = 0;
    int result;

    stream->has_said_end = true;
    result = say_end(stream->ssl, true);
    stream->owes_end = result < 0 && judge(conn, result, &needs) == IO_AGAIN;
    conn->wants = stream->owes_end ? EV_WRITE : 0;
    if (!stream->owes_end)
        (void)shutdown(conn->io.fd, SHUT_WR);
}

static void finish_tls(struct conn *conn)
{
    if (may_send_end(stream_of(conn)))
        send_end(conn);
}

static size_t pending_tls(const struct conn *conn)
{
    const struct tls_stream *stream = stream_of(conn);
    int pending;

    if (!stream->may_hold)
        return 0;
    if (stream->has_ended || stream->is_deaf)
        return 1;
    pending = SSL_pending(stream->ssl);
    return pending > 0 ? (size_t)pending : (size_t)SSL_has_pending(stream->ssl);
}

/* The owner awaits its own reads and writes; what they wait for is OpenSSL's to say. */
static int watch_tls(struct conn *conn, struct ev_loop *loop, int events)
{
    struct tls_stream *stream = stream_of(conn);
    int watched = stream->owes_end ? EV_WRITE : 0;

    stream->awaited = events;
    ev_timer_stop(loop, &stream->turn);
    if (events & EV_READ && pending_tls(conn)) {
        ev_timer_set(&stream->turn, 0., 0.);
        ev_timer_start(loop, &stream->turn);
    }
    if (!stream->is_shaken)
        return events;
    if (events & EV_READ)
        watched |= stream->read_needs;
    if (events & EV_WRITE)
        watched |= stream->write_needs;
    return watched;
}

static int translate(const struct tls_stream *stream, int events)
{
    int told = 0;

    if (!stream->is_shaken)
        return events;
    if (events & stream->read_needs)
        told |= EV_READ;
    if (events & stream->write_needs)
        told |= EV_WRITE;
    return told & stream->awaited;
}

static void on_event(struct ev_loop *loop, ev_io *io, int events)
{
    struct conn *conn = list_object(io, struct conn, io);
    struct tls_stream *stream = stream_of(conn);
    int told = translate(stream, events);

    if (events & EV_WRITE && stream->owes_end)
        send_end(conn);
    if (told)
        stream->on_ready(loop, io, told);
    else
        conn_await(conn, loop, stream->awaited);
}

/* A timer of no time fires in the loop's next turn: others are not kept waiting. */
static void on_turn(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct conn *conn = timer->data;

    (void)events;
    stream_of(conn)->on_ready(loop, &conn->io, EV_READ);
}

static const char *trouble_tls(const struct conn *conn)
{
    const struct tls_stream *stream = stream_of(conn);

    if (stream->trouble)
        return stream->trouble;
    return stream->is_deaf || stream->is_mute ? "TLS failed" : "";
}

static void destroy(struct tls_stream *stream)
{
    SSL_free(stream->ssl);
    SSL_CTX_free(stream->context);
    free(stream->name);
    free(stream->trouble);
    free(stream->alpn);
    free(stream->client_name);
    free(stream);
}

/* OpenSSL takes a session for broken whose shutdown it did not see; it is not, unless
 * something failed. */
static void close_tls(struct conn *conn, struct ev_loop *loop, bool by_reset)
{
    struct tls_stream *stream = stream_of(conn);

    ev_timer_stop(loop, &stream->turn);
    ev_set_cb(&conn->io, stream->on_ready);
    /* At once: a close resets what has sent bytes that nobody read. */
    if (!by_reset && may_send_end(stream))
        (void)say_end(stream->ssl, false);
    if (stream->is_shaken && !stream->is_deaf && !stream->is_mute)
        SSL_set_shutdown(stream->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    destroy(stream);
    ERR_clear_error();
}

static const struct conn_kind conn_kind_tls = { shake_tls,   read_tls,    write_tls,
                                                finish_tls,  pending_tls, watch_tls,
                                                trouble_tls, close_tls };

struct tls_stream *conn_tls_stream(const struct conn *conn)
{
    return conn->kind == &conn_kind_tls ? stream_of(conn) : NULL;
}

/* Nothing asks for a password here, and app data would cost memory. */
struct tls_stream *conn_tls_of(SSL *ssl)
{
    return SSL_get_default_passwd_cb_userdata(ssl);
}

struct tls_stream *conn_tls_begin(struct conn *conn, SSL_CTX *context)
{
    struct tls_stream *stream = calloc(1, sizeof *stream);

    if (!stream)
        return NULL;
    (void)SSL_CTX_up_ref(context);
    stream->context = context;
    conn->wants = EV_READ;
    stream->read_needs = EV_READ;
    stream->write_needs = EV_WRITE;
    ev_timer_init(&stream->turn, on_turn, 0., 0.);
    stream->turn.data = conn;
    stream->on_ready = ev_cb(&conn->io);
    ev_set_cb(&conn->io, on_event);
    conn->secret = stream;
    conn->kind = &conn_kind_tls;
    return stream;
}
