/* Where log lines go, and how they get there without waiting. */
#pragma once

#include "base/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct problems;

/* Threads read it while they write, so it is not changed once opened. */
struct log_target {
    int fd;
    ssize_t (*send)(const struct log_target *target, const char *bytes, size_t length);
    bool is_journal;           /* a stream that journald reads */
    bool is_syslog, is_remote; /* on another machine, which has to be told our name */
    struct address address;    /* of syslog */
    char host[65];             /* our name; "" when there is none */
    char *path;                /* owned; of a file, else NULL */
};

/* Where lines go before anything was opened: standard error. */
extern const struct log_target log_target_first;

/* NULL, with a problem, when that is no place to log to. The caller owns the target. */
struct log_target *log_target_open(const char *text, struct problems *problems);
/* A new descriptor of the target's file; -1 and errno when it cannot be opened. */
int log_target_open_file(const char *path);
/* Leaves the descriptor open, which may serve another target by now. */
void log_target_destroy(struct log_target *target);
