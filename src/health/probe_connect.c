/* A server that accepts a connection is well. */
#include "health/probe_kind.h"
#include "net/socket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct verdict passed = { .outcome = OUTCOME_PASSED,
                                       .result = RESULT_CONNECTED };
static const struct verdict late = { .outcome = OUTCOME_FAILED,
                                     .result = RESULT_CONNECT_TIMEOUT,
                                     .why = "L4 timeout" };

static const struct verdict secured = { .outcome = OUTCOME_PASSED,
                                        .result = RESULT_TLS_PASSED };
static const struct verdict late_tls = { .outcome = OUTCOME_FAILED,
                                         .result = RESULT_TLS_TIMEOUT,
                                         .why = "L6 timeout" };

static struct verdict blame(int error)
{
    bool is_ours = socket_is_nobodys_fault(error);
    struct verdict verdict = {
        .outcome = is_ours ? OUTCOME_NEUTRAL : OUTCOME_FAILED,
        .result = is_ours ? RESULT_OWN_SHORTAGE : RESULT_CONNECT_FAILED,
    };
    const char *why = strerrordesc_np(error);

    (void)snprintf(verdict.why, sizeof verdict.why, "%s", why ? why : "Unknown error");
    return verdict;
}

static struct verdict blame_tls(const char *trouble)
{
    struct verdict verdict = { .outcome = OUTCOME_FAILED, .result = RESULT_TLS_FAILED };

    (void)snprintf(verdict.why, sizeof verdict.why, "%s", trouble);
    return verdict;
}

struct verdict probe_connect_judge(const struct answer *answer)
{
    if (answer->trouble)
        return blame_tls(answer->trouble);
    if (answer->is_secured)
        return secured;
    if (answer->is_late && answer->is_connected)
        return late_tls;
    if (answer->is_late || answer->error == ETIMEDOUT)
        return late;
    return answer->error ? blame(answer->error) : passed;
}

const struct probe_kind probe_connect = { .name = "connect" };
