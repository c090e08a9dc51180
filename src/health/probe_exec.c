/* What the program has to know is in its environment; its exit status is the answer. */
#include "health/probe_exec.h"

#include "base/address.h"
#include "base/buffer.h"
#include "health/check_settings.h"
#include "health/probe.h"
#include "health/probe_kind.h"
#include "health/verdict.h"

#include <inttypes.h>
#include <string.h>

enum { VARIABLES = 5 };

static void write_variables(const struct probe_request *request,
                            struct buffer out[VARIABLES])
{
    buffer_format(&out[0], "USHER_BACKEND=%s", request->backend);
    buffer_format(&out[1], "USHER_SERVER=%s", request->server);
    buffer_format(&out[2], "USHER_ADDRESS=%s", address_host(request->address).chars);
    buffer_format(&out[3], "USHER_PORT=%u", address_port(request->address));
    buffer_format(&out[4], "USHER_TIMEOUT_MS=%" PRIu64, request->settings->timeout_ms);
}

struct program *probe_exec_start(struct ev_loop *loop,
                                 const struct probe_request *request,
                                 program_ended *on_end, void *owner)
{
    struct buffer texts[VARIABLES] = { { 0 } };
    const char *environment[VARIABLES + 1] = { NULL };
    struct program_request run = {
        .loop = loop,
        .command = request->settings->command,
        .environment = environment,
        .timeout_ms = request->settings->timeout_ms,
        .on_end = on_end,
        .owner = owner,
    };
    struct program *program;

    write_variables(request, texts);
    for (size_t i = 0; i < VARIABLES; i++)
        environment[i] = buffer_text(&texts[i]);
    program = program_start(&run);
    for (size_t i = 0; i < VARIABLES; i++)
        buffer_deinit(&texts[i]);
    return program;
}

static struct verdict judge_exit(int status)
{
    struct verdict verdict = verdict_failed(RESULT_PROGRAM_FAILED, "exit status %d",
                                            status);

    if (!status)
        return (struct verdict){ .outcome = OUTCOME_PASSED,
                                 .result = RESULT_PROGRAM_PASSED };
    verdict.status = (unsigned)status;
    return verdict;
}

static struct verdict judge_signal(int number)
{
    return verdict_failed(RESULT_PROGRAM_FAILED, "killed by signal %d", number);
}

static struct verdict judge_lateness(int number)
{
    (void)number;
    return verdict_failed(RESULT_PROGRAM_TIMEOUT, "took longer than check-timeout");
}

/* The server cannot help it. */
static struct verdict judge_absence(int error)
{
    struct verdict verdict = verdict_failed(RESULT_OWN_SHORTAGE, "cannot be run: %s",
                                            strerror(error));

    verdict.outcome = OUTCOME_NEUTRAL;
    return verdict;
}

struct verdict probe_exec_judge(const struct program_result *result)
{
    static struct verdict (*const judges[])(int number) = {
        [PROGRAM_EXITED] = judge_exit,
        [PROGRAM_DIED] = judge_signal,
        [PROGRAM_TOOK_TOO_LONG] = judge_lateness,
        [PROGRAM_NOT_STARTED] = judge_absence,
    };

    return judges[result->fate](result->number);
}

const struct probe_kind probe_exec = { .name = "exec", .runs_program = true };
