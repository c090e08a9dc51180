#include "net/tls_sessions.h"

#include "base/memory.h"
#include "net/conn_tls.h"

#include <stdlib.h>
#include <string.h>

enum { HOSTS_MOST = 64 };

struct host {
    char *name;           /* owned; NULL: a free place */
    SSL_SESSION *session; /* held */
    uint64_t used_at;     /* turns, not time */
};

struct sessions {
    uint64_t turn;
    struct host hosts[HOSTS_MOST];
};

static void forget(struct host *host)
{
    free(host->name);
    SSL_SESSION_free(host->session);
    *host = (struct host){ 0 };
}

static void on_context_gone(void *context, void *sessions, CRYPTO_EX_DATA *all, int index,
                            long number, void *data)
{
    struct sessions *own = sessions;

    (void)context;
    (void)all;
    (void)index;
    (void)number;
    (void)data;
    for (size_t i = 0; own && i < HOSTS_MOST; i++)
        forget(&own->hosts[i]);
    free(own);
}

/* Main asks first, before there are handshakes. */
static int own_index(void)
{
    static int index = -1;

    if (index == -1)
        index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, on_context_gone);
    return index;
}

static struct sessions *sessions_of(const SSL *ssl)
{
    return SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), own_index());
}

/* That of the name, else the place that was not used for longest. */
static struct host *find(struct sessions *sessions, const char *name)
{
    struct host *oldest = &sessions->hosts[0];

    for (size_t i = 0; i < HOSTS_MOST; i++) {
        struct host *host = &sessions->hosts[i];

        if (host->name && !strcmp(host->name, name))
            return host;
        if (host->used_at < oldest->used_at)
            oldest = host;
    }
    return oldest;
}

static bool is_of(const struct host *host, const char *name)
{
    return host->name && !strcmp(host->name, name);
}

/* Keeps the reference it is given when it returns 1. */
static int on_session(SSL *ssl, SSL_SESSION *session)
{
    struct sessions *sessions = sessions_of(ssl);
    const char *name = conn_tls_of(ssl)->name;
    struct host *host;

    if (!sessions || !name)
        return 0;
    host = find(sessions, name);
    if (!is_of(host, name)) {
        forget(host);
        host->name = strdup(name);
    }
    if (!host->name)
        return 0;
    SSL_SESSION_free(host->session);
    host->session = session;
    host->used_at = ++sessions->turn;
    return 1;
}

bool tls_sessions_give(SSL_CTX *context)
{
    struct sessions *sessions = memory_new(sizeof *sessions);

    if (own_index() == -1 || !SSL_CTX_set_ex_data(context, own_index(), sessions)) {
        free(sessions);
        return false;
    }
    (void)SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT |
                                                      SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, on_session);
    return true;
}

void tls_sessions_offer(SSL *ssl, const char *host)
{
    struct sessions *sessions = sessions_of(ssl);
    struct host *known = find(sessions, host);

    if (!is_of(known, host))
        return;
    known->used_at = ++sessions->turn;
    if (SSL_SESSION_is_resumable(known->session))
        (void)SSL_set_session(ssl, known->session);
}
