/* The real program, started on a configuration of the test's own.
 *
 * Texts that are returned stay until the test is over. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct usher;

struct usher_options {
    int pass_fd;          /* becomes descriptor 3, unless 0 */
    uint64_t descriptors; /* RLIMIT_NOFILE, unless 0 */
    bool at_once;         /* do not wait until it listens */
};

/* What most configurations begin with. */
#define USHER_WEB "[frontend web]\nbind = 127.0.0.1:0\nbackend = app\n"
#define USHER_APP "[backend app]\n"
#define USHER_QUICK_CHECKS                                                               \
    "check-interval = 100ms\ncheck-interval-changing = 30ms\n"                           \
    "check-interval-down = 100ms\n"

/* [admin], or its socket, and a [global] with two workers are added unless the text has
 * them. */
struct usher *usher_start(const char *config, ...) __attribute__((format(printf, 1, 2)));
struct usher *usher_start_with(struct usher_options options, const char *config, ...)
    __attribute__((format(printf, 2, 3)));
/* Ends it, checks that it left in good order with status 0, removes its files. */
void usher_stop(struct usher *usher);
/* The same of one that ends by itself or was killed, whatever its status. */
void usher_forget(struct usher *usher);
/* The status when it has to end by itself now. Stop is still to be called. */
int usher_wait(struct usher *usher);

void usher_signal(struct usher *usher, int signal);
bool usher_is_running(struct usher *usher);
pid_t usher_pid(const struct usher *usher);
/* The program itself, and the folder with its files. */
const char *usher_program(void);
const char *usher_folder(const struct usher *usher);
void usher_limit_descriptors(struct usher *usher, uint64_t most);

/* Writes the file and asks for a reload; returns the answer. */
const char *usher_reload(struct usher *usher, const char *config, ...)
    __attribute__((format(printf, 2, 3)));
/* Writes the file only. */
void usher_rewrite(struct usher *usher, const char *config, ...)
    __attribute__((format(printf, 2, 3)));

/* Where a frontend listens: by number of its addresses; "" for none. */
const char *usher_address(struct usher *usher, const char *frontend, unsigned number);
/* The first one of "web", asked for once after each start and reload. */
const char *usher_web(struct usher *usher);
/* What usher_web says instead, until a reload: somebody stands between. */
void usher_set_web(struct usher *usher, const char *address);
unsigned usher_port(struct usher *usher, const char *frontend);

/* The whole answer to one line; fails when there is none. */
const char *usher_admin(struct usher *usher, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* NULL when nobody answers. */
const char *usher_try_admin(struct usher *usher, const char *line);
/* "unix:/..." */
const char *usher_admin_address(const struct usher *usher);
/* A column of `show stat`: of a server, or of FRONTEND or BACKEND. */
const char *usher_stat(struct usher *usher, const char *proxy, const char *row,
                       const char *column);
uint64_t usher_count(struct usher *usher, const char *proxy, const char *row,
                     const char *column);
bool usher_stat_is(struct usher *usher, const char *proxy_row, const char *column,
                   const char *text);
/* A line of `show info`; "" for none. */
const char *usher_info(struct usher *usher, const char *key);
/* Sessions at this moment, as `show info` counts them. */
uint64_t usher_sessions(struct usher *usher);

const char *usher_log(struct usher *usher);
/* The first line with all of these texts, the last of which is NULL; or NULL. */
const char *usher_logged(struct usher *usher, ...) __attribute__((sentinel));
/* How many lines have this text. */
unsigned usher_log_count(struct usher *usher, const char *text);
