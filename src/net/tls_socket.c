/* OpenSSL's own socket BIO writes record by record, each a packet of its own. This one
 * tells the kernel when the next record is on its way (send(2), MSG_MORE). */
#include "net/tls_socket.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <stdint.h>
#include <sys/socket.h>

struct state {
    int fd;
    bool has_more;
};

static BIO_METHOD *method;
static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;

static bool is_for_now(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

static int put(BIO *bio, const char *bytes, int length)
{
    const struct state *state = BIO_get_data(bio);
    int flags = state->has_more ? MSG_NOSIGNAL | MSG_MORE : MSG_NOSIGNAL;
    ssize_t count = send(state->fd, bytes, (size_t)length, flags);

    BIO_clear_retry_flags(bio);
    if (count == -1 && is_for_now(errno))
        BIO_set_retry_write(bio);
    return (int)count;
}

static int get(BIO *bio, char *bytes, int room)
{
    const struct state *state = BIO_get_data(bio);
    ssize_t count = recv(state->fd, bytes, (size_t)room, 0);

    BIO_clear_retry_flags(bio);
    if (count == -1 && is_for_now(errno))
        BIO_set_retry_read(bio);
    else if (count == 0)
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return (int)count;
}

static long control(BIO *bio, int command, long number, void *pointer)
{
    const struct state *state = BIO_get_data(bio);

    (void)number;
    switch (command) {
    case BIO_CTRL_FLUSH:
        return 1;
    case BIO_CTRL_EOF:
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    case BIO_C_GET_FD:
        if (pointer)
            *(int *)pointer = state->fd;
        return state->fd;
    default:
        return 0;
    }
}

static int release(BIO *bio)
{
    OPENSSL_free(BIO_get_data(bio));
    return 1;
}

static void make_method(void)
{
    method = BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "socket of usher");
    if (!method)
        return;
    (void)BIO_meth_set_write(method, put);
    (void)BIO_meth_set_read(method, get);
    (void)BIO_meth_set_ctrl(method, control);
    (void)BIO_meth_set_destroy(method, release);
}

BIO *tls_socket_create(int fd)
{
    struct state *state;
    BIO *bio;

    if (!CRYPTO_THREAD_run_once(&once, make_method) || !method)
        return NULL;
    bio = BIO_new(method);
    state = bio ? OPENSSL_zalloc(sizeof *state) : NULL;
    if (!state) {
        BIO_free(bio);
        return NULL;
    }
    state->fd = fd;
    BIO_set_data(bio, state);
    BIO_set_init(bio, 1);
    return bio;
}

void tls_socket_set_more(BIO *socket, bool has_more)
{
    struct state *state = BIO_get_data(socket);

    state->has_more = has_more;
}
