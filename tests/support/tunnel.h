/* TLS for those who speak plain: a process between them and usher that passes on every
 * byte, end and reset, both ways. A FIN without the farewell of TLS is a reset. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

struct tunnel;

struct tunnel_plan {
    const char *to; /* where all goes */
    /* Takes TLS and speaks plain to a server; else takes plain clients into TLS. */
    bool takes_tls;
    const char *certificate; /* with its key; a client may have none */
    const char *authority;   /* whom to believe; NULL: everybody */
    const char *name;        /* to ask for and to verify; NULL: none */
    const char *alpn;        /* as in "\2h2"; NULL: none */
    bool has_header;         /* a PROXY header of version 1 comes before TLS */
    bool is_mute;            /* never answers a greeting */
    bool is_curt;            /* ends without the farewell of TLS */
};

/* Of all its handshakes; the texts of the last one. Shared with the test. */
struct tunnel_facts {
    atomic_ulong begun, shaken, resumed;
    char name[256], alpn[64], subject[256];
};

struct tunnel *tunnel_start(struct tunnel_plan plan);
/* To be connected to. */
const char *tunnel_address(const struct tunnel *tunnel);
struct tunnel_facts *tunnel_facts(const struct tunnel *tunnel);
void tunnel_kill(struct tunnel *tunnel);
