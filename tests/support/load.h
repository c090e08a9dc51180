/* Many clients at once, each a thread that asks "who" and counts who answers.
 *
 * Never fails a test by itself: the report says what happened. */
#pragma once

#include <stdint.h>

struct load;

struct load_plan {
    const char *address;
    unsigned clients;   /* at once */
    uint64_t requests;  /* of each client; 0: until told to stop */
    unsigned per_visit; /* requests on one connection; 0: one */
};

enum { LOAD_NAMES = 16, LOAD_NAME_SIZE = 32 };

struct load_report {
    uint64_t answered, failed;
    uint64_t slowest_ms;
    uint64_t last_failed_began_ms; /* when the last request that failed was begun */
    char first_failure[80];        /* what went wrong with the first */
    struct {
        char name[LOAD_NAME_SIZE];
        uint64_t count;
    } answers[LOAD_NAMES];
};

struct load *load_start(struct load_plan plan);
/* So far. */
uint64_t load_answered(struct load *load);
/* Waits until all have asked what they had to. */
struct load_report load_finish(struct load *load);
/* The same, but nobody begins a new request. */
struct load_report load_stop(struct load *load);
/* From start to finish. */
struct load_report load_run(struct load_plan plan);

/* How often this name answered. */
uint64_t load_count(const struct load_report *report, const char *name);
