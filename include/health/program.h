/* A program that is run beside us: no shell, nothing of ours open in it, killed with all
 * that it started when it takes too long. Main only. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct ev_loop;
struct program;

enum program_fate {
    PROGRAM_EXITED,        /* number: its status */
    PROGRAM_DIED,          /* number: the signal */
    PROGRAM_TOOK_TOO_LONG, /* and was killed */
    PROGRAM_NOT_STARTED,   /* number: errno */
};

struct program_result {
    enum program_fate fate;
    int number;
    uint64_t took_ms;
};

/* Called once, never before program_start has returned; the program is gone then. */
typedef void program_ended(void *owner, const struct program_result *result);

struct program_request {
    struct ev_loop *loop;           /* borrowed */
    const char *command;            /* a path and words, with blanks between */
    const char *const *environment; /* "NAME=VALUE", ended by NULL, beside PATH; copied */
    uint64_t timeout_ms;
    program_ended *on_end;
    void *owner;
};

struct program *program_start(const struct program_request *request);
/* Its owner does not want to hear of it: it is killed. NULL is fine. */
void program_forget(struct program *program);

/* "exited", "died" ... */
const char *program_fate_name(enum program_fate fate);
/* NULL when such a command can be run, else why not, static. */
const char *program_check(const char *command);
