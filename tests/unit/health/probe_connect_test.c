#include "health/probe_kind.h"

#include <criterion/criterion.h>
#include <errno.h>

Test(probe_connect, judges_what_came_of_the_connection)
{
    static const struct {
        struct answer answer;
        struct verdict verdict;
    } cases[] = {
        { { 0, false }, { OUTCOME_PASSED, RESULT_CONNECTED, "" } },
        { { 0, true }, { OUTCOME_FAILED, RESULT_CONNECT_TIMEOUT, "L4 timeout" } },
        { { ETIMEDOUT, false },
          { OUTCOME_FAILED, RESULT_CONNECT_TIMEOUT, "L4 timeout" } },
        { { ECONNREFUSED, false },
          { OUTCOME_FAILED, RESULT_CONNECT_FAILED, "Connection refused" } },
        { { EHOSTUNREACH, false },
          { OUTCOME_FAILED, RESULT_CONNECT_FAILED, "No route to host" } },
        { { EMFILE, false },
          { OUTCOME_NEUTRAL, RESULT_OWN_SHORTAGE, "Too many open files" } },
        { { 99999, false }, { OUTCOME_FAILED, RESULT_CONNECT_FAILED, "Unknown error" } },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct verdict verdict = probe_connect.judge(&cases[i].answer);

        cr_expect_eq(verdict.outcome, cases[i].verdict.outcome, "case %zu", i);
        cr_expect_eq(verdict.result, cases[i].verdict.result, "case %zu", i);
        cr_expect_str_eq(verdict.why, cases[i].verdict.why);
    }
}
