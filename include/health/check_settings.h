/* What the file says of a backend's checks. Copied by those who keep it; texts and arrays
 * are borrowed from the generation. */
#pragma once

#include "base/address.h"
#include "health/probe_settings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct probe_kind;
struct source_settings;
struct tls_connector;

/* `check = WORD`: a kind of probe, or a [check NAME] that says which. */
struct check_choice {
    const char *word;
    const struct probe_kind *kind; /* NULL: off */
};

/* An IP address without a port. */
struct check_address {
    const char *text; /* NULL: the server's own */
    struct address address;
};

/* A second, side-by-side source: how much the server can take. */
struct agent_settings {
    uint64_t port; /* 0: none, unless a server has its own */
    struct check_address address;
    uint64_t interval_ms;
    const char *send; /* said first; NULL: nothing */
};

enum check_tls { CHECK_TLS_SAME, CHECK_TLS_YES, CHECK_TLS_NO };
enum check_proxy { CHECK_PROXY_SAME, CHECK_PROXY_NO, CHECK_PROXY_V1, CHECK_PROXY_V2 };

struct check_settings {
    struct check_choice choice;
    uint64_t interval_ms;          /* while nothing changes */
    uint64_t changing_interval_ms; /* between the first sign and the verdict */
    uint64_t down_interval_ms;     /* while down */
    uint64_t timeout_ms;
    uint64_t rise, fall;
    struct check_address address; /* to ask there instead of at the server's */
    uint64_t port;                /* likewise; 0: the server's own */
    unsigned tls;                 /* enum check_tls */
    unsigned proxy;               /* enum check_proxy */

    struct http_settings http;
    size_t step_count;
    struct check_step *steps;
    const char *user; /* of a dialogue with a database */
    struct zookeeper_settings zookeeper;
    const char *command; /* to run, with its words; NULL: none */
    struct agent_settings agent;

    /* From the rest of the backend. */
    struct tls_connector *connector; /* borrowed from the generation; NULL: plain */
    unsigned send_proxy;             /* enum send_proxy: a header that says it is us */
    size_t source_count;
    const struct source_settings *sources; /* borrowed likewise; where probes come from */
};

/* Do probes speak TLS when the backend's sessions do, or do not? */
bool check_settings_speak_tls(const struct check_settings *settings, bool sessions_do);
/* Do they ask the same, in the same way? Texts are compared as texts. */
bool check_settings_ask_same(const struct check_settings *one,
                             const struct check_settings *other);
/* And as often? */
bool check_settings_are_same(const struct check_settings *one,
                             const struct check_settings *other);
