/* The table of reasons: what is said, who is blamed, and how the conns are closed. */
#include "proxy/ending.h"

static const struct ending_facts endings[] = {
    [ENDING_NONE] = { "none", "still being served", BLAME_NOBODY, false },
    [ENDING_CLIENT_CLOSED] = { "client-closed", "the client closed", BLAME_NOBODY,
                               false },
    [ENDING_SERVER_CLOSED] = { "server-closed", "the server closed", BLAME_NOBODY,
                               false },
    [ENDING_CLIENT_RESET] = { "client-reset", "the client broke off", BLAME_CLIENT,
                              true },
    [ENDING_SERVER_RESET] = { "server-reset", "the server broke off", BLAME_SERVER,
                              true },
    [ENDING_IDLE] = { "idle", "nothing moved for idle-timeout", BLAME_CLIENT, false },
    [ENDING_HALF_CLOSED] = { "half-closed", "nothing moved for half-closed-timeout",
                             BLAME_CLIENT, true },
    [ENDING_GREET_TIMEOUT] = { "greet-timeout",
                               "the greeting took longer than greet-timeout",
                               BLAME_GREETING, true },
    [ENDING_PROXY_HEADER] = { "proxy-header", "no proper PROXY header", BLAME_GREETING,
                              true },
    [ENDING_NOT_ALLOWED] = { "not-allowed", "the announced client may not come in",
                             BLAME_GREETING, true },
    [ENDING_CLIENT_TLS] = { "client-tls", "the TLS handshake with the client failed",
                            BLAME_GREETING, false },
    [ENDING_GREETING] = { "greeting", "the greeting could not be read", BLAME_GREETING,
                          true },
    [ENDING_NO_SERVER] = { "no-server", "no server is fit", BLAME_BACKEND, true },
    [ENDING_UNREACHABLE] = { "unreachable", "no server could be reached", BLAME_BACKEND,
                             true },
    [ENDING_CONNECT_TIMEOUT] = { "connect-timeout", "no server answered in time",
                                 BLAME_BACKEND, true },
    [ENDING_QUEUE_FULL] = { "queue-full", "all servers and the queue are full",
                            BLAME_BACKEND, true },
    [ENDING_QUEUE_TIMEOUT] = { "queue-timeout", "no server was free for queue-timeout",
                               BLAME_BACKEND, true },
    [ENDING_CLIENT_LEFT] = { "client-left", "the client left the queue", BLAME_CLIENT,
                             true },
    [ENDING_OWN_SHORTAGE] = { "own-shortage",
                              "no descriptor, port, memory or backlog was free",
                              BLAME_OURSELVES, true },
    [ENDING_ADMIN] = { "admin", "an administrator ended it", BLAME_NOBODY, true },
    [ENDING_SERVER_DOWN] = { "server-down", "its server went down", BLAME_SERVER, true },
    [ENDING_MOVED] = { "moved", "it is to move to another server", BLAME_NOBODY, false },
    [ENDING_DRAIN] = { "drain", "usher is stopping", BLAME_NOBODY, false },
    [ENDING_EXIT] = { "exit", "usher stopped", BLAME_NOBODY, true },
};

const struct ending_facts *ending_facts(enum ending ending)
{
    return &endings[ending];
}
