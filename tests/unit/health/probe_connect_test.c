#include "health/probe_kind.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>

static const struct verdict busy = { .outcome = OUTCOME_NEUTRAL,
                                     .result = RESULT_OWN_SHORTAGE,
                                     .why = "Resource temporarily unavailable" };
static const struct verdict late = { .outcome = OUTCOME_FAILED,
                                     .result = RESULT_CONNECT_TIMEOUT,
                                     .why = "L4 timeout" };

static void expect_verdict(struct answer answer, struct verdict wanted)
{
    struct verdict verdict = probe_connect_judge(&answer);

    cr_expect_eq(verdict.outcome, wanted.outcome, "%s", wanted.why);
    cr_expect_eq(verdict.result, wanted.result, "%s", wanted.why);
    cr_expect_str_eq(verdict.why, wanted.why);
}

static void expect_failure(int error, const char *why)
{
    struct verdict wanted = { .outcome = OUTCOME_FAILED,
                              .result = RESULT_CONNECT_FAILED,
                              .why = "" };

    (void)snprintf(wanted.why, sizeof wanted.why, "%s", why);
    expect_verdict((struct answer){ .error = error }, wanted);
}

Test(probe_connect, passes_whom_it_can_connect_to)
{
    expect_verdict((struct answer){ .is_connected = true },
                   (struct verdict){ .outcome = OUTCOME_PASSED,
                                     .result = RESULT_CONNECTED,
                                     .why = "" });
}

Test(probe_connect, says_why_it_could_not_connect)
{
    expect_failure(ECONNREFUSED, "Connection refused");
    expect_failure(EHOSTUNREACH, "No route to host");
    expect_failure(99999, "Unknown error");
}

Test(probe_connect, fails_who_does_not_answer_in_time)
{
    expect_verdict((struct answer){ .is_late = true }, late);
    expect_verdict((struct answer){ .error = ETIMEDOUT }, late);
}

Test(probe_connect, blames_nobody_for_our_shortage_or_a_full_backlog)
{
    expect_verdict((struct answer){ .error = EMFILE },
                   (struct verdict){ .outcome = OUTCOME_NEUTRAL,
                                     .result = RESULT_OWN_SHORTAGE,
                                     .why = "Too many open files" });
    expect_verdict((struct answer){ .error = EAGAIN }, busy);
}

Test(probe_connect, judges_the_handshake_where_there_is_one)
{
    static const struct answer passed = { .is_connected = true, .is_secured = true };
    static const struct answer slow = { .is_late = true, .is_connected = true };
    static const struct answer wrong = { .is_connected = true, .trouble = "no cipher" };

    expect_verdict(passed, (struct verdict){ .outcome = OUTCOME_PASSED,
                                             .result = RESULT_TLS_PASSED,
                                             .why = "" });
    expect_verdict(slow, (struct verdict){ .outcome = OUTCOME_FAILED,
                                           .result = RESULT_TLS_TIMEOUT,
                                           .why = "L6 timeout" });
    expect_verdict(wrong, (struct verdict){ .outcome = OUTCOME_FAILED,
                                            .result = RESULT_TLS_FAILED,
                                            .why = "no cipher" });
}
