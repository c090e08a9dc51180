/* The rows on checks: of [backend NAME] and of [check NAME]. */
#include "config/checking.h"
#include "config/destination.h"
#include "config/rows.h"

static const char *const tls_choices[] = { "same", "yes", "no", NULL };
static const char *const proxy_choices[] = { "same", "no", "v1", "v2", NULL };
static const char *const roles[] = { "any", "leader", "follower", "observer", NULL };

static const struct key source_words[] = {
    { "address", KEY_ADDRESS, FIELD(source_settings, text), .required = true },
    { .name = NULL },
};

static const struct item check_source_item = {
    sizeof(struct source_settings),
    offsetof(struct backend_rules, backend.check_source_count),
    source_words,
    schema_no_options,
    .is_separated = true,
    .form = "IP, ...",
    .finish = destination_of_source,
};

static const struct key step_words[] = {
    { "step", KEY_TEXT, FIELD(check_step, text), .required = true },
    { .name = NULL },
};

static const struct item step_item = {
    sizeof(struct check_step),
    offsetof(struct backend_rules, check.step_count),
    step_words,
    schema_no_options,
    .is_ordered = true,
    .form = "send TEXT, send-hex HEX, expect TEXT, expect-hex HEX or match REGEX",
    .read = checking_read_step,
};

const struct key schema_check_keys[] = {
    { "check", KEY_PROBE, FIELD(backend_rules, check.choice), .initial = "connect",
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
    { "check-timeout", KEY_AUTO_DURATION, FIELD(backend_rules, check.timeout_ms),
      .initial = "auto", .least = "1ms", .most = "1d",
      .help =
          "how long to wait for an answer; auto: as long as check-interval, but 500ms "
          "at least and 2s at most" },
    { "rise", KEY_NUMBER, FIELD(backend_rules, check.rise), .initial = "2", .least = "1",
      .most = "100", .help = "good answers in a row that bring a server up" },
    { "fall", KEY_NUMBER, FIELD(backend_rules, check.fall), .initial = "3", .least = "1",
      .most = "100", .help = "bad answers in a row that take a server down" },
    { "check-address", KEY_PARSED, FIELD(backend_rules, check.address),
      .parse = checking_read_address, .form = "IP address", .samples = { "192.0.2.4" },
      .help = "where to ask, instead of at the server's address" },
    { "check-port", KEY_NUMBER, FIELD(backend_rules, check.port), .initial = "0",
      .least = "0", .most = "65535", .help = "the port to ask at; 0: the server's own" },
    { "check-source", KEY_LIST, FIELD(backend_rules, backend.check_sources),
      .item = &check_source_item, .own = true, .samples = { "192.0.2.3" },
      .help = "the same for checks, which otherwise come from the addresses of source" },
    { "check-tls", KEY_WORD, FIELD(backend_rules, check.tls), .initial = "same",
      .words = tls_choices,
      .help =
          "speak TLS in checks; same: as server-tls says, whose keys count here, too" },
    { "check-send-proxy", KEY_WORD, FIELD(backend_rules, check.proxy), .initial = "same",
      .words = proxy_choices,
      .help = "begin checks with a PROXY header; same: as send-proxy says" },
    { "http-method", KEY_TEXT, FIELD(backend_rules, check.http.method), .initial = "GET",
      .of_check = "http", .help = "what to ask with" },
    { "http-path", KEY_TEXT, FIELD(backend_rules, check.http.path), .initial = "/",
      .of_check = "http", .help = "what to ask for" },
    { "http-host", KEY_HOST, FIELD(backend_rules, check.http.host), .of_check = "http",
      .samples = { "www.example.com" },
      .help = "the host to name, instead of the server's own" },
    { "http-status", KEY_PARSED, FIELD(backend_rules, check.http.statuses),
      .parse = checking_read_statuses, .form = "statuses with commas between",
      .initial = "200-399", .of_check = "http", .help = "the good answers" },
    { "http-body", KEY_TEXT, FIELD(backend_rules, check.http.body), .of_check = "http",
      .samples = { "all is well" }, .help = "what a good answer has in it" },
    { "check-step", KEY_LIST, FIELD(backend_rules, check.steps), .item = &step_item,
      .own = true, .of_check = "expect",
      .samples = { "send \"PING\\r\\n\"", "expect \"+PONG\"" },
      .help = "what to say and what to hear, in this order; \\r \\n \\t \\0 \\xNN stand "
              "for bytes" },
    { "check-user", KEY_TEXT, FIELD(backend_rules, check.user),
      .of_check = "mysql or postgres", .samples = { "usher" },
      .help = "who asks; needs no right but to connect" },
    { "zookeeper-role", KEY_WORD, FIELD(backend_rules, check.zookeeper.role),
      .initial = "any", .words = roles, .of_check = "zookeeper",
      .help = "which members of the ensemble serve here" },
    { "zookeeper-standalone", KEY_BOOL,
      FIELD(backend_rules, check.zookeeper.standalone_is_good), .initial = "no",
      .of_check = "zookeeper", .help = "a server without an ensemble is good, too" },
    { "zookeeper-read-only", KEY_BOOL,
      FIELD(backend_rules, check.zookeeper.read_only_is_good), .initial = "no",
      .of_check = "zookeeper", .help = "a member that only answers reads is good, too" },
    { "max-outstanding", KEY_NUMBER,
      FIELD(backend_rules, check.zookeeper.max_outstanding), .initial = "0", .least = "0",
      .most = "1000000", .of_check = "zookeeper",
      .help = "more requests without an answer than that are a failure; 0: any number" },
    { "check-command", KEY_TEXT, FIELD(backend_rules, check.command), .of_check = "exec",
      .samples = { "/usr/local/bin/is-well --quick" },
      .help = "the program to run, with its words; it is well when it ends with 0" },
    { "agent-port", KEY_NUMBER, FIELD(backend_rules, check.agent.port), .initial = "0",
      .least = "0", .most = "65535",
      .help = "where agents tell how much their servers can take; 0: there are none" },
    { "agent-address", KEY_PARSED, FIELD(backend_rules, check.agent.address),
      .parse = checking_read_address, .form = "IP address", .samples = { "192.0.2.4" },
      .help = "where the agent is, instead of at the server's address" },
    { "agent-interval", KEY_DURATION, FIELD(backend_rules, check.agent.interval_ms),
      .initial = "2s", .least = "1ms", .most = "1d", .help = "how often to ask agents" },
    { "agent-send", KEY_TEXT, FIELD(backend_rules, check.agent.send),
      .samples = { "web" }, .help = "a line to say to the agent first" },
    { .name = NULL },
};
