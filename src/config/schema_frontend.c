/* The rows of [frontend NAME]. */
#include "config/destination.h"
#include "config/policy.h"
#include "config/routing.h"
#include "config/rows.h"
#include "config/trust.h"
#include "proxy/frontend.h"

static const char *const session_logs[] = { "off", "close", "open,close", NULL };
static const char *const tls_verifies[] = { "none", "optional", "required", NULL };

static const struct key bind_words[] = {
    { "address", KEY_ADDRESS, FIELD(bind_settings, text), .required = true },
    { .name = NULL },
};

static const struct key bind_options[] = {
    { "v6only", KEY_FLAG, FIELD(bind_settings, only_ip6), .applies = destination_is_ip6,
      .applies_to = "IPv6 addresses", .help = "no IPv4 clients on [::]" },
    { "backlog", KEY_NUMBER, FIELD(bind_settings, backlog), .initial = "4096",
      .least = "1", .most = "65535", .help = "connections that may wait to be accepted" },
    { "mode", KEY_MODE, FIELD(bind_settings, mode), .initial = "0660", .least = "0000",
      .most = "0777", .applies = destination_is_local, .applies_to = "unix: addresses",
      .help = "permissions of a UNIX socket" },
    { .name = NULL },
};

static const struct item bind_item = {
    sizeof(struct bind_settings),
    offsetof(struct frontend_settings, bind_count),
    bind_words,
    bind_options,
    .finish = destination_of_bind,
};

/* A plain list: its words are the array. */
static const struct key certificate_words[] = {
    { "path", KEY_PATH, .offset = 0, .size = sizeof(const char *), .required = true },
    { .name = NULL },
};

static const struct item certificate_item = {
    sizeof(const char *), offsetof(struct frontend_settings, tls.path_count),
    certificate_words,    schema_no_options,
    .is_plain = true,     .is_ordered = true,
};

static const struct key route_words[] = {
    { "route", KEY_TEXT, FIELD(route_settings, text), .required = true },
    { .name = NULL },
};

static const struct item route_item = {
    sizeof(struct route_settings),
    offsetof(struct frontend_settings, route_count),
    route_words,
    schema_no_options,
    .is_ordered = true,
    .form = "CONDITION ... -> BACKEND",
    .read = routing_read,
};

static const struct key network_words[] = {
    { "network", KEY_ADDRESS, FIELD(network_settings, text), .required = true },
    { .name = NULL },
};

#define NETWORKS_OF(count)                                                               \
    {                                                                                    \
        sizeof(struct network_settings), offsetof(struct frontend_settings, count),      \
            network_words, schema_no_options, .is_separated = true,                      \
                                              .form = "NETWORK or /FILE, ...",           \
                                              .finish = trust_in_network                 \
    }

static const struct item proxy_from_item = NETWORKS_OF(proxy_from_count);
static const struct item allow_item = NETWORKS_OF(allow_count);
static const struct item deny_item = NETWORKS_OF(deny_count);

const struct key schema_frontend_keys[] = {
    { "bind", KEY_LIST, FIELD(frontend_settings, binds), .item = &bind_item,
      .required = true, .own = true, .samples = { "127.0.0.1:8080" },
      .help =
          "where clients connect: IP:PORT, [IP6]:PORT, :PORT, unix:/PATH or fd@NUMBER" },
    { "backend", KEY_NAME, FIELD(frontend_settings, backend), .required = true,
      .own = true, .samples = { "app" },
      .help = "the backend whose servers serve these clients" },
    { "route", KEY_LIST, FIELD(frontend_settings, routes), .item = &route_item,
      .own = true,
      .samples = { "db.example.com *.db.example.com -> db", "alpn:h2 -> web2",
                   "10% 192.0.2.0/24 -> canary" },
      .help =
          "another backend for some clients; the first line with a condition that fits: "
          "NAME or *.NAME in the TLS greeting, no-name, no-tls, alpn:PROTOCOL, "
          "a network, or N% of all clients. Without a tls-cert, the greeting is only "
          "looked at, and the TLS is between the client and the server" },
    { "greet-timeout", KEY_DURATION, FIELD(frontend_settings, greet_timeout_ms),
      .initial = "5s", .least = "1ms", .most = "10m",
      .help = "for all that comes before a server is chosen: PROXY header, TLS handshake "
              "or greeting" },
    { "tls-cert", KEY_LIST, FIELD(frontend_settings, tls.paths),
      .item = &certificate_item, .own = true,
      .samples = { "/etc/usher/web.pem", "/etc/usher/certs" },
      .help = "speak TLS, with the certificates and keys of a PEM file or a folder of "
              "them; the name a client asks for decides; the first is for all others" },
    { "tls-strict-sni", KEY_BOOL, FIELD(frontend_settings, tls.strict_sni),
      .initial = "no", .needs = { "tls-cert" },
      .help = "refuse clients that ask for a name no certificate has" },
    { "tls-min", KEY_WORD, FIELD(frontend_settings, tls.rules.min_version),
      .initial = "1.2", .words = schema_tls_versions, .needs = { "tls-cert" },
      .help = "the oldest version of TLS that clients may speak" },
    { "tls-ciphers", KEY_TEXT, FIELD(frontend_settings, tls.rules.ciphers),
      .needs = { "tls-cert" }, .samples = { "ECDHE+AESGCM:ECDHE+CHACHA20" },
      .help = "ciphers of TLS 1.2, as OpenSSL writes lists" },
    { "tls-ciphersuites", KEY_TEXT, FIELD(frontend_settings, tls.rules.ciphersuites),
      .needs = { "tls-cert" }, .initial = SCHEMA_CIPHERSUITES,
      .help = "ciphers of TLS 1.3, the most wanted first" },
    { "tls-groups", KEY_TEXT, FIELD(frontend_settings, tls.rules.groups),
      .needs = { "tls-cert" }, .samples = { "X25519:P-256" },
      .help = "groups for the key exchange" },
    { "tls-alpn", KEY_PROTOCOLS, FIELD(frontend_settings, tls.rules.alpn),
      .needs = { "tls-cert" }, .samples = { "h2,http/1.1" },
      .help = "protocols to agree on with clients, the most wanted first" },
    { "tls-alpn-strict", KEY_BOOL, FIELD(frontend_settings, tls.alpn_strict),
      .initial = "no", .needs = { "tls-cert", "tls-alpn" },
      .help = "refuse clients that offer protocols, but none of these" },
    { "tls-client-ca", KEY_PATH, FIELD(frontend_settings, tls.client_ca),
      .needs = { "tls-cert" }, .samples = { "/etc/usher/clients-ca.pem" },
      .help = "who must have signed the certificates of clients; a PEM file" },
    { "tls-crl", KEY_PATH, FIELD(frontend_settings, tls.crl),
      .needs = { "tls-cert", "tls-client-ca" }, .samples = { "/etc/usher/revoked.pem" },
      .help = "which of them are revoked; a PEM file" },
    { "tls-verify", KEY_WORD, FIELD(frontend_settings, tls.verify), .initial = "none",
      .words = tls_verifies, .needs = { "tls-cert" },
      .help = "whether clients need a certificate; optional: a wrong one is refused" },
    { "accept-proxy-from", KEY_LIST, FIELD(frontend_settings, proxy_from),
      .item = &proxy_from_item, .own = true, .samples = { "192.0.2.10" },
      .help = "who begins with a PROXY header, version 1 or 2, and is believed: networks "
              "or files of them, one a line" },
    { "allow", KEY_LIST, FIELD(frontend_settings, allow), .item = &allow_item,
      .own = true, .samples = { "10.0.0.0/8, 2001:db8::/32", "/etc/usher/friends" },
      .help = "who may come in, when not everybody: networks or files of them" },
    { "deny", KEY_LIST, FIELD(frontend_settings, deny), .item = &deny_item, .own = true,
      .samples = { "203.0.113.0/24", "/etc/usher/blocked" },
      .help = "who may not come in: networks or files of them" },
    { "session-rate", KEY_NUMBER, FIELD(frontend_settings, session_rate), .initial = "0",
      .least = "0", .most = "10000000",
      .help = "most new sessions a second; 0: no limit" },
    { "client-maxconn", KEY_NUMBER, FIELD(frontend_settings, client_maxconn),
      .initial = "0", .least = "0", .most = "10000000",
      .help = "most sessions at once of one client address, of IPv6 of one /64; 0: no "
              "limit" },
    { "client-rate", KEY_NUMBER, FIELD(frontend_settings, client_rate), .initial = "0",
      .least = "0", .most = "10000000",
      .help = "most new sessions a second of one client address; 0: no limit" },
    { "maxconn", KEY_NUMBER, FIELD(frontend_settings, maxconn), .initial = "0",
      .least = "0", .most = "10000000",
      .help = "most sessions at once; 0: only the global limit" },
    { "idle-timeout", KEY_DURATION, FIELD(frontend_settings, idle_timeout_ms),
      .initial = "1h", .least = "0", .most = "30d",
      .help = "a session that moves no byte is ended after this; 0: never" },
    { "half-closed-timeout", KEY_DURATION,
      FIELD(frontend_settings, half_closed_timeout_ms), .initial = "30s", .least = "0",
      .most = "30d",
      .help = "the same, once one side has ended its direction; 0: never" },
    { "peer-timeout", KEY_DURATION, FIELD(frontend_settings, peer_timeout_ms),
      .initial = "30s", .least = "1s", .most = "1d",
      .help = "a client that acknowledges nothing is taken as dead after this" },
    { "log-session", KEY_WORD, FIELD(frontend_settings, session_log), .initial = "close",
      .words = session_logs, .help = "when to write a line on a session" },
    { "log-every", KEY_DURATION, FIELD(frontend_settings, log_every_ms), .initial = "0",
      .least = "0", .most = "30d",
      .help = "a session that lasts has a line this often, with what it moved so far; 0: "
              "never" },
    { "log-quiet-empty", KEY_BOOL, FIELD(frontend_settings, is_quiet_on_empty),
      .initial = "no",
      .help = "no line on clients that leave before a byte was moved, such as the probes "
              "of an outer balancer; they are counted" },
    { "when-empty", KEY_PARSED, FIELD(frontend_settings, when_empty),
      .parse = policy_read_when_empty, .form = "refuse, hold DURATION or close",
      .initial = "refuse",
      .help =
          "what to do with clients while no server is fit: refuse them, let them wait, "
          "or stop listening, so that an outer balancer sees it" },
    { .name = NULL },
};
