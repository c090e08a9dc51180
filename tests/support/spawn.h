/* Other programs: started so that they die with the test, waited for with a deadline. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

struct spawn {
    const char *const *argv; /* ended by NULL; looked for in PATH */
    const char *in;          /* a file to read from; NULL: nothing */
    const char *out, *err;   /* files to write to; NULL: nowhere */
    int pass_fd;             /* given to the program as descriptor 3, unless 0 */
    uint64_t descriptors;    /* RLIMIT_NOFILE, unless 0 */
};

pid_t spawn_begin(const struct spawn *spawn);
/* The words of a command line, by blanks; all it writes goes to this file. */
pid_t spawn_begin_line(const char *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The exit status, 128 + the signal that ended it, or -1 when time runs out first. */
int spawn_wait(pid_t pid, uint64_t ms);
/* Ends it the hard way and waits. */
void spawn_kill(pid_t pid);

/* In a child of fork(): die with the parent, of which this was the id. */
void spawn_follow(pid_t parent);

struct spawned {
    int status;
    const char *out, *err;
};

/* Runs to its end: the words of a command line, by blanks. */
struct spawned spawn_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same, with this to read. */
struct spawned spawn_line_with(const char *in, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
