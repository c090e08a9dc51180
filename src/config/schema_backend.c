/* The rows of [backend NAME]. */
#include "config/destination.h"
#include "config/rows.h"

static const char *const send_proxies[] = { "no", "v1", "v2", NULL };

static const struct key server_words[] = {
    { "name", KEY_NAME, FIELD(server_settings, name), .required = true },
    { "address", KEY_ADDRESS, FIELD(server_settings, text), .required = true },
    { .name = NULL },
};

static const struct key server_options[] = {
    { "weight", KEY_NUMBER, FIELD(server_settings, weight), .initial = "1", .least = "0",
      .most = "256", .help = "its share of the sessions; 0: none" },
    { "backup", KEY_FLAG, FIELD(server_settings, backup),
      .help = "serves only while no other server can" },
    { "maxconn", KEY_NUMBER, FIELD(server_settings, maxconn), .initial = "0",
      .least = "0", .most = "10000000",
      .help = "most sessions at once, more wait; 0: no limit" },
    { "priority", KEY_NUMBER, FIELD(server_settings, priority), .initial = "1",
      .least = "1", .most = "256",
      .help = "its tier: the lowest with min-healthy fit servers serves; backups are "
              "tiers behind all others" },
    { "check-port", KEY_NUMBER, FIELD(server_settings, check_port), .initial = "0",
      .least = "0", .most = "65535",
      .help = "the port that is checked; 0: as the backend says" },
    { "agent-port", KEY_NUMBER, FIELD(server_settings, agent_port), .initial = "0",
      .least = "0", .most = "65535",
      .help = "the port of its agent; 0: as the backend says" },
    { "track", KEY_PARSED, FIELD(server_settings, track), .parse = destination_of_track,
      .form = "BACKEND/SERVER",
      .help = "has no check of its own, but is up and down with this one" },
    { .name = NULL },
};

static const struct item server_item = {
    sizeof(struct server_settings),
    offsetof(struct backend_rules, backend.server_count),
    server_words,
    server_options,
    .form = "NAME ADDRESS [weight=N] [backup] [maxconn=N] [OPTION=VALUE ...]",
    .finish = destination_of_server,
};

static const struct key source_words[] = {
    { "address", KEY_ADDRESS, FIELD(source_settings, text), .required = true },
    { .name = NULL },
};

static const struct item source_item = {
    sizeof(struct source_settings),
    offsetof(struct backend_rules, backend.source_count),
    source_words,
    schema_no_options,
    .is_separated = true,
    .form = "IP, ...",
    .finish = destination_of_source,
};

const struct key schema_backend_keys[] = {
    { "server", KEY_LIST, FIELD(backend_rules, backend.servers), .item = &server_item,
      .required = true, .own = true,
      .samples = { "a 127.0.0.1:9001", "b 127.0.0.1:9002", "c 127.0.0.1:9003 backup" },
      .help = "one who serves clients: IP:PORT, [IP6]:PORT, HOST:PORT or unix:/PATH" },
    { "balance", KEY_BALANCER, FIELD(backend_rules, backend.balancer),
      .initial = "roundrobin", .help = "how a server is chosen for each new session" },
    { "connect-timeout", KEY_DURATION, FIELD(backend_rules, backend.connect_timeout_ms),
      .initial = "5s", .least = "1ms", .most = "10m",
      .help = "how long to wait for one server to accept" },
    { "connect-budget", KEY_DURATION, FIELD(backend_rules, backend.connect_budget_ms),
      .initial = "15s", .least = "1ms", .most = "10m",
      .help = "how long one session may try, all servers together" },
    { "retries", KEY_NUMBER, FIELD(backend_rules, backend.retries), .initial = "10",
      .least = "0", .most = "1000",
      .help = "servers to try after the first one failed to accept" },
    { "queue-timeout", KEY_DURATION, FIELD(backend_rules, backend.queue_timeout_ms),
      .initial = "5s", .least = "0", .most = "10m",
      .help = "how long a session may wait while all servers are at their maxconn" },
    { "queue-limit", KEY_NUMBER, FIELD(backend_rules, backend.queue_limit),
      .initial = "1024", .least = "0", .most = "1000000",
      .help = "sessions that may wait so; 0: none" },
    { "peer-timeout", KEY_DURATION, FIELD(backend_rules, backend.peer_timeout_ms),
      .initial = "30s", .least = "1s", .most = "1d",
      .help = "a server that acknowledges nothing is taken as dead after this" },
    { "source", KEY_LIST, FIELD(backend_rules, backend.sources), .item = &source_item,
      .own = true, .samples = { "192.0.2.1, 192.0.2.2" },
      .help = "addresses to connect from, in turn, instead of the system's choice" },
    { "send-proxy", KEY_WORD, FIELD(backend_rules, backend.send_proxy), .initial = "no",
      .words = send_proxies,
      .help = "tell servers who the client is, by a PROXY header of this version" },
    { "server-tls", KEY_BOOL, FIELD(backend_rules, backend.server_tls), .initial = "no",
      .help = "speak TLS with the servers" },
    { "server-tls-verify", KEY_BOOL, FIELD(backend_rules, backend.tls.verify),
      .initial = "yes", .of_server_tls = true,
      .help = "trust only servers whose certificate is signed and has their name" },
    { "server-tls-ca", KEY_PATH, FIELD(backend_rules, backend.tls.ca),
      .of_server_tls = true, .samples = { "/etc/usher/servers-ca.pem" },
      .help = "who must have signed their certificates, instead of those the system "
              "trusts; a PEM file" },
    { "server-tls-crl", KEY_PATH, FIELD(backend_rules, backend.tls.crl),
      .of_server_tls = true, .samples = { "/etc/usher/revoked-servers.pem" },
      .help = "which of them are revoked; a PEM file" },
    { "server-tls-cert", KEY_PATH, FIELD(backend_rules, backend.tls.certificate),
      .of_server_tls = true, .samples = { "/etc/usher/usher.pem" },
      .help = "the certificate, with its key, that usher shows to servers; a PEM file" },
    { "server-tls-name", KEY_HOST, FIELD(backend_rules, backend.tls.name),
      .of_server_tls = true, .samples = { "db.example.com" },
      .help = "the name to ask for and to verify, instead of each server's own" },
    { "server-tls-min", KEY_WORD, FIELD(backend_rules, backend.tls.rules.min_version),
      .initial = "1.2", .words = schema_tls_versions, .of_server_tls = true,
      .help = "the oldest version of TLS that servers may speak" },
    { "server-tls-ciphers", KEY_TEXT, FIELD(backend_rules, backend.tls.rules.ciphers),
      .of_server_tls = true, .samples = { "ECDHE+AESGCM:ECDHE+CHACHA20" },
      .help = "ciphers of TLS 1.2, as OpenSSL writes lists" },
    { "server-tls-ciphersuites", KEY_TEXT,
      FIELD(backend_rules, backend.tls.rules.ciphersuites), .of_server_tls = true,
      .initial = SCHEMA_CIPHERSUITES,
      .help = "ciphers of TLS 1.3, the most wanted first" },
    { "server-tls-groups", KEY_TEXT, FIELD(backend_rules, backend.tls.rules.groups),
      .of_server_tls = true, .samples = { "X25519:P-256" },
      .help = "groups for the key exchange" },
    { "server-tls-alpn", KEY_PROTOCOLS, FIELD(backend_rules, backend.tls.rules.alpn),
      .of_server_tls = true, .samples = { "h2,http/1.1" },
      .help = "protocols to offer to servers, the most wanted first" },
    { .name = NULL, .more = schema_recovery_keys },
};
