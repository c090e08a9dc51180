/* The service manager that started usher, and wants to be told how it is: systemd, or
 * any other that listens where NOTIFY_SOCKET says. Main only; private to the control
 * folder. */
#pragma once

#include <stdint.h>

struct supervisor;

/* NULL when there is none. Its variables are taken out of the environment: programs that
 * usher runs are not to speak for it. Before there are threads. */
struct supervisor *supervisor_create(void);
/* NULL is fine, here and below. */
void supervisor_destroy(struct supervisor *supervisor);

/* Lines of NAME=VALUE, as sd_notify(3) has them. */
void supervisor_tell(const struct supervisor *supervisor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Within this time it wants to hear WATCHDOG=1, again and again; 0: never. */
uint64_t supervisor_watchdog_us(const struct supervisor *supervisor);
