/* What a backend does about servers that fail, and when they are back. Texts are borrowed
 * from the generation. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* "50%" or "2" of the servers. */
struct share {
    const char *text;
    unsigned amount;
    bool is_percent;
};

enum on_down {
    ON_DOWN_KEEP,  /* their sessions are left alone */
    ON_DOWN_DRAIN, /* ended one after the other over the drain-timeout, idle ones first */
    ON_DOWN_KILL,  /* ended at once, or at a rate */
};

/* `on-down = kill after 10s rate 50/s`. */
struct on_down_settings {
    const char *text;
    enum on_down what;
    uint64_t after_ms; /* still down then */
    unsigned rate;     /* sessions a second; 0: all at once */
};

enum observe { OBSERVE_OFF, OBSERVE_CONNECT, OBSERVE_FIRST_BYTE };
enum below { BELOW_REFUSE, BELOW_FAIL_OPEN, BELOW_BACKUP };
enum on_up { ON_UP_KEEP, ON_UP_MOVE };

struct recovery_settings {
    /* What clients' own connects tell. */
    unsigned observe;         /* enum observe */
    uint64_t error_limit;     /* failures in a row that eject a server */
    uint64_t ejection_ms;     /* for so long at first; longer each time */
    struct share max_ejected; /* of the servers, by such evidence alone */
    uint64_t first_byte_ms;   /* no answer for so long is suspicious */

    struct on_down_settings on_down;
    struct share min_healthy; /* fewer fit servers than that are too few */
    unsigned below;           /* enum below */
    unsigned on_up;           /* enum on_up: for sessions on a backup */
    uint64_t slow_start_ms;   /* 0: full weight at once */
    bool rebalance;           /* moves sessions to a server that came back */
};
