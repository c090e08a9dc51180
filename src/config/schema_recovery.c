/* The rows of [backend NAME] on what happens when servers fail, and when they return. */
#include "config/policy.h"
#include "config/rows.h"

#define RECOVERY(member) FIELD(backend_rules, backend.recovery.member)

static const char *const observes[] = { "off", "connect", "first-byte", NULL };
static const char *const belows[] = { "refuse", "fail-open", "backup", NULL };
static const char *const on_ups[] = { "keep", "move", NULL };

const struct key schema_recovery_keys[] = {
    { "observe", KEY_WORD, RECOVERY(observe), .initial = "connect", .words = observes,
      .help =
          "what to learn from clients' sessions: failed connects, or also servers that "
          "take bytes and answer none while others do" },
    { "error-limit", KEY_NUMBER, RECOVERY(error_limit), .initial = "10", .least = "1",
      .most = "1000000",
      .help = "failed connects in a row that eject a server, check or no check" },
    { "ejection-time", KEY_DURATION, RECOVERY(ejection_ms), .initial = "10s",
      .least = "1ms", .most = "1d",
      .help =
          "how long a server is ejected at first; each time in a row adds as much, up to "
          "30 times" },
    { "max-ejected", KEY_PARSED, RECOVERY(max_ejected), .parse = policy_read_share,
      .form = "number or share", .initial = "50%",
      .help = "most servers that are ejected at once" },
    { "first-byte-timeout", KEY_DURATION, RECOVERY(first_byte_ms), .initial = "5s",
      .least = "1ms", .most = "1h",
      .help = "with `observe = first-byte`: no answer for so long is suspicious" },
    { "on-down", KEY_PARSED, RECOVERY(on_down), .parse = policy_read_on_down,
      .form = "keep, drain or kill [after DURATION] [rate N/s]", .initial = "keep",
      .help =
          "what happens to the sessions of a server that went down: nothing, or ended "
          "over the drain-timeout, or ended while it stays down" },
    { "min-healthy", KEY_PARSED, RECOVERY(min_healthy), .parse = policy_read_share,
      .form = "number or share", .initial = "1",
      .help = "fit servers that a tier needs to serve, of its servers in the file; one "
              "at least, all at most" },
    { "below", KEY_WORD, RECOVERY(below), .initial = "backup", .words = belows,
      .help =
          "when no tier has min-healthy fit servers: backup: one is enough, so the "
          "lowest tier with any serves, backups last; refuse: nobody serves; fail-open: "
          "the whole lowest tier serves, fit or not, but for servers that are drained, "
          "in maintenance or not resolved" },
    { "on-up", KEY_WORD, RECOVERY(on_up), .initial = "keep", .words = on_ups,
      .help = "what happens to sessions on a backup, or on a higher tier, when better "
              "servers are back" },
    { "slow-start", KEY_DURATION, RECOVERY(slow_start_ms), .initial = "0", .least = "0",
      .most = "1h",
      .help = "how long the weight of a server that is new or came back grows to all of "
              "it, in steps of 5%; 0: it has all at once" },
    { "rebalance", KEY_BOOL, RECOVERY(rebalance), .initial = "no",
      .help =
          "end sessions, a few at a time, so that long ones move to servers that came "
          "back" },
    { .name = NULL, .more = schema_check_keys },
};
