/* What one kind of probe says, and what it makes of what it hears. */
#pragma once

#include "health/result.h"

#include <stdbool.h>
#include <stddef.h>

struct check_settings;

/* What came of a probe's connection, and what was heard since the last thing said. */
struct answer {
    int error;           /* 0: connected */
    bool is_late;        /* nothing came in time; `error` is 0 */
    bool is_connected;   /* it was late after that, in the TLS handshake; or it talks */
    bool is_secured;     /* the TLS handshake was done, too */
    const char *trouble; /* what was wrong with it; NULL: nothing */

    unsigned step; /* of the dialogue, from 0 */
    const char *bytes;
    size_t length;
    bool has_ended; /* nothing more will come */
    bool is_full;   /* more came than is kept: PROBE_HEARD_MOST */
};

enum { PROBE_HEARD_MOST = 64 * 1024, PROBE_SAID_MOST = 16 * 1024 };

/* What a kind may need to know to say something. */
struct question {
    unsigned step;
    const char *host; /* the name or IP address that the server is known by */
    unsigned port;
};

struct probe_kind {
    const char *name; /* as in `check = name` */
    bool needs_tls;
    bool runs_program; /* instead of connecting */
    /* Writes what to say at a step; returns its length, 0 for silence. NULL: never says
     * anything. What does not fit cannot be said. */
    size_t (*ask)(const struct check_settings *settings, const struct question *question,
                  char *text, size_t size);
    /* Judges what was heard at this step, once connected: PENDING to hear more, NEXT for
     * the next step. Called with nothing heard first, and once more when nothing will
     * come any more: who then still waits has failed. Pure, so that tests need no socket.
     * NULL: to be connected is enough. */
    struct verdict (*judge)(const struct check_settings *settings,
                            const struct answer *answer);
};

/* What any kind thinks of a connection: PASSED when it stands. Pure. */
struct verdict probe_connect_judge(const struct answer *answer);

extern const struct probe_kind probe_connect, probe_tls, probe_http, probe_expect,
    probe_redis, probe_smtp, probe_mysql, probe_postgres, probe_zookeeper, probe_exec;
