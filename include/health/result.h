/* What a probe found out, and how it is told. */
#pragma once

/* Results as the dialect numbers and names them. */
enum result {
    RESULT_UNKNOWN = 0,
    RESULT_STARTING = 1,
    RESULT_OWN_SHORTAGE = 5, /* ours, not the server's: changes nothing */
    RESULT_CONNECTED = 6,
    RESULT_CONNECT_TIMEOUT = 7,
    RESULT_CONNECT_FAILED = 8,
    RESULT_TLS_PASSED = 9,
    RESULT_TLS_TIMEOUT = 10,
    RESULT_TLS_FAILED = 11,
};

enum outcome { OUTCOME_PENDING, OUTCOME_PASSED, OUTCOME_FAILED, OUTCOME_NEUTRAL };

struct verdict {
    enum outcome outcome;
    enum result result;
    char why[80]; /* "Connection refused", "" */
};

/* "L4OK", "L4CON" ... and "Layer4 check passed" ... */
const char *result_code(enum result result);
const char *result_text(enum result result);
