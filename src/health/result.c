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
};

const char *result_code(enum result result)
{
    return results[result].code;
}

const char *result_text(enum result result)
{
    return results[result].text;
}
