/* The dialect's names of results. */
#include "health/result.h"

static const struct {
    const char *code, *text;
} results[] = {
    [RESULT_UNKNOWN] = { "UNK", "Unknown" },
    [RESULT_STARTING] = { "INI", "Initializing" },
    [RESULT_OWN_SHORTAGE] = { "SOCKERR", "Socket error" },
    [RESULT_CONNECTED] = { "L4OK", "Layer4 check passed" },
    [RESULT_CONNECT_TIMEOUT] = { "L4TOUT", "Layer4 timeout" },
    [RESULT_CONNECT_FAILED] = { "L4CON", "Layer4 connection problem" },
    [RESULT_TLS_PASSED] = { "L6OK", "Layer6 check passed" },
    [RESULT_TLS_TIMEOUT] = { "L6TOUT", "Layer6 timeout" },
    [RESULT_TLS_FAILED] = { "L6RSP", "Layer6 invalid response" },
    [RESULT_ANSWER_TIMEOUT] = { "L7TOUT", "Layer7 timeout" },
    [RESULT_ANSWER_WRONG] = { "L7RSP", "Layer7 invalid response" },
    [RESULT_ANSWERED] = { "L7OK", "Layer7 check passed" },
    [RESULT_ANSWER_BAD] = { "L7STS", "Layer7 wrong status" },
    [RESULT_PROGRAM_FAILED] = { "PROCERR", "External check error" },
    [RESULT_PROGRAM_TIMEOUT] = { "PROCTOUT", "External check timeout" },
    [RESULT_PROGRAM_PASSED] = { "PROCOK", "External check passed" },
};

const char *result_code(enum result result)
{
    return results[result].code;
}

const char *result_text(enum result result)
{
    return results[result].text;
}
