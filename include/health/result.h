/* What a probe found out, and how it is told. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
    RESULT_ANSWER_TIMEOUT = 12,
    RESULT_ANSWER_WRONG = 13, /* cannot be understood */
    RESULT_ANSWERED = 15,
    RESULT_ANSWER_BAD = 17, /* understood: it is not well */
    RESULT_PROGRAM_FAILED = 18,
    RESULT_PROGRAM_TIMEOUT = 19,
    RESULT_PROGRAM_PASSED = 20,
};

enum outcome {
    OUTCOME_PENDING, /* more has to be heard */
    OUTCOME_NEXT,    /* this step is done; the next thing may be said */
    OUTCOME_PASSED,
    OUTCOME_FAILED,
    OUTCOME_NEUTRAL, /* says nothing of the server: the last verdict stands */
};

/* What a member of an ensemble said of itself. */
enum member_role { MEMBER_UNKNOWN, MEMBER_LEADER, MEMBER_FOLLOWER, MEMBER_OBSERVER };

struct member {
    enum member_role role;
    uint64_t zxid; /* the epoch is its upper half */
    uint64_t outstanding, connections;
};

struct verdict {
    enum outcome outcome;
    enum result result;
    char why[80];     /* "Connection refused", "" */
    bool is_certain;  /* once is enough, whatever `fall` says */
    size_t heard;     /* of a NEXT: bytes that the step used up */
    unsigned skipped; /* likewise: steps that are left out */
    unsigned status;  /* of HTTP or a program; 0: none */
    struct member member;
};

/* "L4OK", "L4CON" ... and "Layer4 check passed" ... */
const char *result_code(enum result result);
const char *result_text(enum result result);
