/* Accepts in a process of its own; a thread for each connection. */
#include "support/tunnel.h"

#include "support/passage.h"
#include "support/patience.h"
#include "support/spawn.h"
#include "support/wire.h"

#include <linux/close_range.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    FIRST_FD = 3,
    BACKLOG = 1024,
    STACK_BYTES = 256 * 1024,
    CONNECT_MS = 10000,
    HEADER_MOST = 108,
    FOREVER_MS = 600000,
};

struct tunnel {
    struct tunnel *next;
    struct tunnel_plan plan;
    const char *address;
    struct tunnel_facts *facts; /* shared with the process */
    SSL_CTX *context;           /* in the process */
    pid_t pid;
};

struct visitor {
    const struct tunnel *tunnel;
    int fd;
};

/* So that what a test leaves behind is no leak. */
static struct tunnel *all;

static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *length,
                           const unsigned char *in, unsigned in_length, void *data)
{
    const char *alpn = data;
    unsigned char *chosen = NULL;

    (void)ssl;
    if (SSL_select_next_proto(&chosen, length, (const unsigned char *)alpn,
                              (unsigned)strlen(alpn), in,
                              in_length) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static void set_trust(SSL_CTX *context, const struct tunnel_plan *plan)
{
    int mode = SSL_VERIFY_PEER;

    if (!plan->authority)
        return;
    if (plan->takes_tls)
        mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    SSL_CTX_set_verify(context, mode, NULL);
    if (SSL_CTX_load_verify_file(context, plan->authority) != 1)
        _exit(EXIT_FAILURE);
}

static void set_protocols(SSL_CTX *context, const struct tunnel_plan *plan)
{
    if (!plan->alpn)
        return;
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, (void *)(uintptr_t)plan->alpn);
    (void)SSL_CTX_set_alpn_protos(context, (const unsigned char *)plan->alpn,
                                  (unsigned)strlen(plan->alpn));
}

static SSL_CTX *make_context(const struct tunnel_plan *plan)
{
    static const unsigned char id[] = "tunnel";
    SSL_CTX *context = SSL_CTX_new(TLS_method());
    const char *file = plan->certificate;

    if (!context)
        _exit(EXIT_FAILURE);
    if (file && (SSL_CTX_use_certificate_chain_file(context, file) != 1 ||
                 SSL_CTX_use_PrivateKey_file(context, file, SSL_FILETYPE_PEM) != 1))
        _exit(EXIT_FAILURE);
    (void)SSL_CTX_set_session_id_context(context, id, sizeof id);
    (void)SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE);
    set_trust(context, plan);
    set_protocols(context, plan);
    return context;
}

static void note_handshake(const struct tunnel *tunnel, SSL *ssl)
{
    struct tunnel_facts *facts = tunnel->facts;
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    X509 *peer = SSL_get0_peer_certificate(ssl);
    const unsigned char *alpn;
    unsigned length;

    (void)stpncpy(facts->name, name ? name : "", sizeof facts->name - 1);
    SSL_get0_alpn_selected(ssl, &alpn, &length);
    memset(facts->alpn, 0, sizeof facts->alpn);
    if (length < sizeof facts->alpn && length)
        memcpy(facts->alpn, alpn, length);
    facts->subject[0] = '\0';
    if (peer)
        (void)X509_NAME_oneline(X509_get_subject_name(peer), facts->subject,
                                sizeof facts->subject);
    atomic_fetch_add(&facts->resumed, (unsigned long)SSL_session_reused(ssl));
    atomic_fetch_add(&facts->shaken, 1);
}

/* OpenSSL's own macro takes const away. */
static bool ask_for_name(SSL *ssl, const char *name)
{
    if (!name)
        return true;
    return SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                    (void *)(uintptr_t)name) &&
           SSL_set1_host(ssl, name);
}

static bool shake_hands(const struct tunnel *tunnel, struct passage_end *end)
{
    const struct tunnel_plan *plan = &tunnel->plan;
    int result;

    end->ssl = SSL_new(tunnel->context);
    if (!end->ssl || !SSL_set_fd(end->ssl, end->fd))
        return false;
    atomic_fetch_add(&tunnel->facts->begun, 1);
    if (!plan->takes_tls && !ask_for_name(end->ssl, plan->name))
        return false;
    result = plan->takes_tls ? SSL_accept(end->ssl) : SSL_connect(end->ssl);
    if (result == 1)
        note_handshake(tunnel, end->ssl);
    return result == 1;
}

/* A line, byte by byte, so that nothing of the greeting is taken. */
static size_t take_header(int fd, char *header)
{
    size_t length = 0;

    while (length < HEADER_MOST && recv(fd, header + length, 1, 0) == 1)
        if (header[length++] == '\n')
            return length;
    return 0;
}

static bool open_far_end(const struct tunnel *tunnel, struct passage_end *far)
{
    far->fd = wire_connect(tunnel->plan.to, CONNECT_MS);
    return far->fd != -1;
}

static bool open_passage(const struct tunnel *tunnel, struct passage_end *near,
                         struct passage_end *far)
{
    char header[HEADER_MOST];
    size_t length = 0;

    if (!tunnel->plan.takes_tls) {
        if (!open_far_end(tunnel, far))
            return false;
        passage_block(far->fd);
        return shake_hands(tunnel, far);
    }
    if (tunnel->plan.has_header)
        length = take_header(near->fd, header);
    return shake_hands(tunnel, near) && open_far_end(tunnel, far) &&
           (!length || send(far->fd, header, length, MSG_NOSIGNAL) == (ssize_t)length);
}

static void *serve_visitor(void *argument)
{
    struct visitor *visitor = argument;
    bool is_curt = visitor->tunnel->plan.is_curt;
    struct passage_end near = { .fd = visitor->fd, .is_curt = is_curt };
    struct passage_end far = { .fd = -1, .is_curt = is_curt };

    if (visitor->tunnel->plan.is_mute)
        (void)wire_wait(near.fd, POLLRDHUP, patience_now_ms() + FOREVER_MS);
    else if (open_passage(visitor->tunnel, &near, &far))
        passage_serve(&near, &far);
    else
        passage_fail(&near, &far);
    passage_close(&near);
    passage_close(&far);
    free(visitor);
    return NULL;
}

static void begin_visit(const struct tunnel *tunnel, int fd,
                        const pthread_attr_t *attributes)
{
    struct visitor *visitor = malloc(sizeof *visitor);
    pthread_t thread;

    if (!visitor)
        _exit(EXIT_FAILURE);
    *visitor = (struct visitor){ .tunnel = tunnel, .fd = fd };
    if (pthread_create(&thread, attributes, serve_visitor, visitor) != 0) {
        (void)close(fd);
        free(visitor);
    }
}

static void live(struct tunnel *tunnel, int listener)
{
    pthread_attr_t attributes;

    (void)signal(SIGPIPE, SIG_IGN);
    if (listener > FIRST_FD)
        (void)close_range(FIRST_FD, (unsigned)listener - 1, 0);
    (void)close_range((unsigned)listener + 1, ~0U, 0);
    tunnel->context = make_context(&tunnel->plan);
    (void)pthread_attr_init(&attributes);
    (void)pthread_attr_setstacksize(&attributes, STACK_BYTES);
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

        if (fd != -1)
            begin_visit(tunnel, fd, &attributes);
        else
            (void)usleep(1000);
    }
}

/* Listens from here on; the child may take its time. */
struct tunnel *tunnel_start(struct tunnel_plan plan)
{
    struct tunnel *tunnel = calloc(1, sizeof *tunnel);
    int listener = wire_listen("127.0.0.1:0", BACKLOG);
    pid_t parent = getpid();

    cr_assert(tunnel && listener != -1, "no tunnel");
    tunnel->next = all;
    all = tunnel;
    tunnel->plan = plan;
    tunnel->address = wire_address(listener);
    tunnel->facts = mmap(NULL, sizeof *tunnel->facts, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    cr_assert_neq((void *)tunnel->facts, MAP_FAILED, "no shared memory");
    tunnel->pid = fork();
    cr_assert_neq(tunnel->pid, -1, "cannot fork");
    if (tunnel->pid == 0) {
        spawn_follow(parent);
        live(tunnel, listener);
    }
    (void)close(listener);
    return tunnel;
}

const char *tunnel_address(const struct tunnel *tunnel)
{
    return tunnel->address;
}

struct tunnel_facts *tunnel_facts(const struct tunnel *tunnel)
{
    return tunnel->facts;
}

void tunnel_kill(struct tunnel *tunnel)
{
    spawn_kill(tunnel->pid);
}
