/* Everything that may be written in a configuration: one row for each key. Parsing,
 * limits, defaults, `usher --keys`, the report of a reload: all of it comes from here. */
#include "config/schema.h"

#include "base/buffer.h"
#include "config/destination.h"
#include "config/rows.h"
#include "config/sample.h"
#include "config/settings.h"

#include <string.h>

static const char *const log_levels[] = { "error", "warning", "notice",
                                          "info",  "debug",   NULL };
static const char *const session_logs[] = { "off", "close", "open,close", NULL };
static const char *const admin_levels[] = { "user", "operator", "admin", NULL };
static const char *const when_empty[] = { "refuse", NULL };

static const struct key global_keys[] = {
    { "workers", KEY_AUTO, FIELD(global_settings, workers), .initial = "auto",
      .least = "1", .most = "256", .fixed = true,
      .help = "threads that serve clients; auto: one for each usable CPU" },
    { "maxconn", KEY_AUTO, FIELD(global_settings, maxconn), .initial = "auto",
      .least = "1", .most = "10000000",
      .help = "most sessions at once; auto: what the limit of descriptors allows" },
    { "user", KEY_USER, FIELD(global_settings, user), .fixed = true,
      .samples = { "usher" }, .help = "who to become once the sockets are open" },
    { "group", KEY_GROUP, FIELD(global_settings, group), .fixed = true,
      .samples = { "usher" }, .help = "the group to become once the sockets are open" },
    { "pid-file", KEY_PATH, FIELD(global_settings, pid_file), .fixed = true,
      .samples = { "/run/usher/usher.pid" }, .help = "where to write the process id" },
    { "log", KEY_LOG, FIELD(global_settings, log), .initial = "stderr",
      .help = "where log lines go" },
    { "log-level", KEY_WORD, FIELD(global_settings, log_level), .initial = "info",
      .words = log_levels, .help = "the least important lines that are still written" },
    { "node", KEY_NAME, FIELD(global_settings, node), .samples = { "lb1" },
      .help =
          "how this usher is called on the admin socket, instead of by the host's name" },
    { "drain-timeout", KEY_DURATION, FIELD(global_settings, drain_timeout_ms),
      .initial = "30s", .least = "0", .most = "1d",
      .help = "how long sessions may go on after SIGTERM" },
    { "start-wait", KEY_DURATION, FIELD(global_settings, start_wait_ms), .initial = "2s",
      .least = "0", .most = "10m",
      .help = "how long to wait at the start for the first verdicts on the servers" },
    { .name = NULL },
};

static const struct key socket_words[] = {
    { "path", KEY_PATH, FIELD(admin_socket_settings, path), .required = true },
    { .name = NULL },
};

static const struct key socket_options[] = {
    { "mode", KEY_MODE, FIELD(admin_socket_settings, mode), .initial = "0600",
      .least = "0000", .most = "0777", .help = "permissions of the socket" },
    { "level", KEY_WORD, FIELD(admin_socket_settings, level), .initial = "admin",
      .words = admin_levels, .help = "what its clients may do" },
    { "user", KEY_USER, FIELD(admin_socket_settings, user),
      .help = "owner of the socket" },
    { "group", KEY_GROUP, FIELD(admin_socket_settings, group),
      .help = "group of the socket" },
    { .name = NULL },
};

static const struct item socket_item = {
    sizeof(struct admin_socket_settings),
    offsetof(struct admin_settings, socket_count),
    socket_words,
    socket_options,
    destination_of_socket,
};

static const struct key admin_keys[] = {
    { "socket", KEY_LIST, FIELD(admin_settings, sockets), .item = &socket_item,
      .required = true, .samples = { "/run/usher/admin.sock" },
      .help = "a UNIX socket for operators" },
    { "timeout", KEY_DURATION, FIELD(admin_settings, timeout_ms), .initial = "10s",
      .least = "0", .most = "1d",
      .help = "an idle client is let go after this; 0: never" },
    { "maxclients", KEY_NUMBER, FIELD(admin_settings, most_clients), .initial = "64",
      .least = "1", .most = "1000", .help = "most clients at once" },
    { .name = NULL },
};

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
    destination_of_bind,
};

static const struct key frontend_keys[] = {
    { "bind", KEY_LIST, FIELD(frontend_settings, binds), .item = &bind_item,
      .required = true, .own = true, .samples = { "127.0.0.1:8080" },
      .help =
          "where clients connect: IP:PORT, [IP6]:PORT, :PORT, unix:/PATH or fd@NUMBER" },
    { "backend", KEY_NAME, FIELD(frontend_settings, backend), .required = true,
      .own = true, .samples = { "app" },
      .help = "the backend whose servers serve these clients" },
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
    { "when-empty", KEY_WORD, FIELD(frontend_settings, when_empty), .initial = "refuse",
      .words = when_empty, .help = "what to do with clients while no server is fit" },
    { .name = NULL },
};

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
    { .name = NULL },
};

static const struct item server_item = {
    sizeof(struct server_settings),
    offsetof(struct backend_rules, backend.server_count),
    server_words,
    server_options,
    destination_of_server,
};

static const struct key backend_keys[] = {
    { "server", KEY_LIST, FIELD(backend_rules, backend.servers), .item = &server_item,
      .required = true, .own = true,
      .samples = { "a 127.0.0.1:9001", "b 127.0.0.1:9002", "c 127.0.0.1:9003 backup" },
      .help = "one who serves clients: IP:PORT, [IP6]:PORT, HOST:PORT or unix:/PATH" },
    { "balance", KEY_BALANCER, FIELD(backend_rules, backend.balancer),
      .initial = "roundrobin", .help = "how a server is chosen for each new session" },
    { "check", KEY_PROBE, FIELD(backend_rules, check.kind), .initial = "connect",
      .help = "how to find out whether a server is up" },
    { "check-interval", KEY_DURATION, FIELD(backend_rules, check.interval_ms),
      .initial = "2s", .least = "1ms", .most = "1d",
      .help = "how often to ask while nothing changes" },
    { "check-interval-changing", KEY_DURATION,
      FIELD(backend_rules, check.changing_interval_ms), .initial = "500ms",
      .least = "1ms", .most = "1d",
      .help = "how often to ask from the first sign of a change until the verdict" },
    { "check-interval-down", KEY_DURATION, FIELD(backend_rules, check.down_interval_ms),
      .initial = "2s", .least = "1ms", .most = "1d",
      .help = "how often to ask while the server is down" },
    { "check-timeout", KEY_DURATION, FIELD(backend_rules, check.timeout_ms),
      .initial = "2s", .least = "1ms", .most = "1d",
      .help = "how long to wait for an answer" },
    { "rise", KEY_NUMBER, FIELD(backend_rules, check.rise), .initial = "2", .least = "1",
      .most = "100", .help = "good answers in a row that bring a server up" },
    { "fall", KEY_NUMBER, FIELD(backend_rules, check.fall), .initial = "3", .least = "1",
      .most = "100", .help = "bad answers in a row that take a server down" },
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
    { .name = NULL },
};

static const struct section_row sections[] = {
    { SECTION_GLOBAL, "global", .keys = global_keys, .help = "the process as a whole" },
    { SECTION_ADMIN, "admin", .keys = admin_keys,
      .help = "where operators ask and command; without it there is no socket" },
    { SECTION_DEFAULTS, "defaults", .sample = "peer-timeout = 30s\n",
      .help =
          "what keys of every frontend and backend start as, instead of what is said\n"
          "; below; all but bind, backend and server" },
    { SECTION_FRONTEND, "frontend", .sample_name = "web", .keys = frontend_keys,
      .help = "what clients connect to; as many as you like, each with a name" },
    { SECTION_BACKEND, "backend", .sample_name = "app", .keys = backend_keys,
      .help = "a set of servers; as many as you like, each with a name" },
};

const struct section_row *schema_section(enum section_id id)
{
    return &sections[id];
}

const struct section_row *schema_find_section(const char *kind)
{
    for (size_t i = 0; i < SECTIONS; i++)
        if (!strcmp(sections[i].kind, kind))
            return &sections[i];
    return NULL;
}

void schema_write(struct buffer *out)
{
    sample_write_introduction(out);
    for (size_t i = 0; i < SECTIONS; i++)
        sample_write_section(&sections[i], out);
}
