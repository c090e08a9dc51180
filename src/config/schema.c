/* Everything that may be written in a configuration: one row for each key. Parsing,
 * limits, defaults, `usher --keys`, the report of a reload: all of it comes from here,
 * and from the files of the two long sections. */
#include "config/schema.h"

#include "base/buffer.h"
#include "config/destination.h"
#include "config/rows.h"
#include "config/sample.h"
#include "config/settings.h"

#include <string.h>

static const char *const log_levels[] = { "error", "warning", "notice",
                                          "info",  "debug",   NULL };
static const char *const log_formats[] = { "text", "json", "tcplog", "halog", NULL };
static const char *const log_syslogs[] = { "rfc3164", "rfc5424", NULL };
/* By the numbers that syslog gives them. */
static const char *const log_facilities[] = {
    "kern",   "user",   "mail",   "daemon",   "auth",   "syslog", "lpr",
    "news",   "uucp",   "cron",   "authpriv", "ftp",    "ntp",    "audit",
    "alert",  "clock",  "local0", "local1",   "local2", "local3", "local4",
    "local5", "local6", "local7", NULL
};
static const char *const admin_levels[] = { "user", "operator", "admin", NULL };

const char *const schema_tls_versions[] = { "1.2", "1.3", NULL };

const struct key schema_no_options[] = {
    { .name = NULL },
};

static const struct key global_keys[] = {
    { "workers", KEY_AUTO, FIELD(global_settings, workers), .initial = "auto",
      .least = "1", .most = "256", .fixed = true,
      .help = "threads that serve clients; auto: one for each usable CPU" },
    { "maxconn", KEY_AUTO, FIELD(global_settings, maxconn), .initial = "auto",
      .least = "1", .most = "10000000",
      .help = "most sessions at once; auto: what the limit of descriptors allows" },
    { "busy-poll", KEY_BOOL, FIELD(global_settings, busy_poll), .initial = "no",
      .help =
          "workers stay awake for 10ms after they did something: answers are quicker, "
          "each worker takes a whole CPU" },
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
    { "log-format", KEY_WORD, FIELD(global_settings, log_format), .initial = "text",
      .words = log_formats,
      .help =
          "text: a sentence and key=value; json: an object a line; tcplog: sessions as "
          "HAProxy's option tcplog; halog: sessions so that halog reads them, and all "
          "else on standard error" },
    { "log-syslog", KEY_WORD, FIELD(global_settings, log_syslog), .initial = "rfc3164",
      .words = log_syslogs, .help = "how syslog is spoken to" },
    { "log-facility", KEY_WORD, FIELD(global_settings, log_facility), .initial = "daemon",
      .words = log_facilities, .help = "what syslog sorts the lines by" },
    { "node", KEY_NAME, FIELD(global_settings, node), .samples = { "lb1" },
      .help =
          "how this usher is called on the admin socket, instead of by the host's name" },
    { "drain-timeout", KEY_DURATION, FIELD(global_settings, drain_timeout_ms),
      .initial = "30s", .least = "0", .most = "1d",
      .help = "how long sessions may go on after SIGTERM" },
    { "start-wait", KEY_DURATION, FIELD(global_settings, start_wait_ms), .initial = "2s",
      .least = "0", .most = "10m",
      .help = "how long to wait at the start for the first verdicts on the servers" },
    { "max-probes", KEY_NUMBER, FIELD(global_settings, max_probes), .initial = "1000",
      .least = "1", .most = "100000", .help = "most probes under way at once" },
    { "exec-checks", KEY_BOOL, FIELD(global_settings, exec_checks), .initial = "no",
      .help = "allow `check = exec` and notify, which run programs" },
    { "notify", KEY_TEXT, FIELD(global_settings, notify), .needs = { "exec-checks" },
      .samples = { "/usr/local/bin/page-me" },
      .help = "a program that is told of every change of a server, in its environment" },
    { "state-file", KEY_PATH, FIELD(global_settings, state_file),
      .samples = { "/var/lib/usher/state" },
      .help = "where to keep what administrators wanted of servers, over a restart" },
    { "state-max-age", KEY_DURATION, FIELD(global_settings, state_max_age_ms),
      .initial = "1d", .least = "1s", .most = "365d",
      .help = "an older state file is ignored" },
    { .name = NULL },
};

static const struct key socket_words[] = {
    { "path|address", KEY_PATH, FIELD(admin_socket_settings, path), .required = true },
    { .name = NULL },
};

static const struct key socket_options[] = {
    { "mode", KEY_MODE, FIELD(admin_socket_settings, mode), .initial = "0600",
      .least = "0000", .most = "0777", .applies = destination_is_path,
      .applies_to = "paths", .help = "permissions of the socket" },
    { "level", KEY_WORD, FIELD(admin_socket_settings, level), .initial = "admin",
      .words = admin_levels,
      .help = "what its clients may do; of an address `user` unless said" },
    { "user", KEY_USER, FIELD(admin_socket_settings, user),
      .applies = destination_is_path, .applies_to = "paths",
      .help = "owner of the socket" },
    { "group", KEY_GROUP, FIELD(admin_socket_settings, group),
      .applies = destination_is_path, .applies_to = "paths",
      .help = "group of the socket" },
    { .name = NULL },
};

static const struct item socket_item = {
    sizeof(struct admin_socket_settings),
    offsetof(struct admin_settings, socket_count),
    socket_words,
    socket_options,
    .finish = destination_of_socket,
};

static const struct key http_words[] = {
    { "address", KEY_ADDRESS, FIELD(bind_settings, text), .required = true },
    { .name = NULL },
};

static const struct key http_options[] = {
    { "mode", KEY_MODE, FIELD(bind_settings, mode), .initial = "0660", .least = "0000",
      .most = "0777", .applies = destination_is_local, .applies_to = "unix: addresses",
      .help = "permissions of a UNIX socket" },
    { .name = NULL },
};

static const struct item http_item = {
    sizeof(struct bind_settings),
    offsetof(struct admin_settings, http_count),
    http_words,
    http_options,
    .finish = destination_of_http,
};

static const struct key admin_keys[] = {
    { "socket", KEY_LIST, FIELD(admin_settings, sockets), .item = &socket_item,
      .required = true, .samples = { "/run/usher/admin.sock" },
      .help = "a UNIX socket for operators, or a loopback address, where whoever is on "
              "this host may come" },
    { "http", KEY_LIST, FIELD(admin_settings, http), .item = &http_item,
      .samples = { "127.0.0.1:8404" },
      .help =
          "where to show a status page, /metrics and /healthz to whoever can connect; "
          "they can change nothing" },
    { "timeout", KEY_DURATION, FIELD(admin_settings, timeout_ms), .initial = "10s",
      .least = "0", .most = "1d",
      .help = "an idle client is let go after this; 0: never" },
    { "maxclients", KEY_NUMBER, FIELD(admin_settings, most_clients), .initial = "64",
      .least = "1", .most = "1000",
      .help = "most clients at once: of the sockets of each level, and of HTTP" },
    { .name = NULL },
};

static const struct section_row sections[] = {
    { SECTION_GLOBAL, "global", .keys = global_keys, .help = "the process as a whole" },
    { SECTION_ADMIN, "admin", .keys = admin_keys,
      .help = "where operators ask and command; without it there is no socket" },
    { SECTION_DEFAULTS, "defaults", .sample = "peer-timeout = 30s\n",
      .help = "what keys of every frontend and backend start as, instead of what is said "
              "below; all but backend and the lists" },
    { SECTION_FRONTEND, "frontend", .sample_name = "web", .keys = schema_frontend_keys,
      .help = "what clients connect to; as many as you like, each with a name" },
    { SECTION_BACKEND, "backend", .sample_name = "app", .keys = schema_backend_keys,
      .help = "a set of servers; as many as you like, each with a name" },
    { SECTION_CHECK, "check", .sample_name = "web-check", .keys = schema_check_keys,
      .sample = "check = connect\n",
      .help = "keys of checks for several backends, which say `check = NAME` and may say "
              "some otherwise" },
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
