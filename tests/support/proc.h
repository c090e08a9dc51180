/* What /proc says of a process. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Open descriptors; -1 when it is gone. */
int proc_descriptors(pid_t pid);
/* Memory of its own that is not backed by files. */
uint64_t proc_memory_kb(pid_t pid);
unsigned proc_threads(pid_t pid);
/* The one with the highest number: begun last, as long as numbers do not start anew. 0
 * when it is gone. */
pid_t proc_last_thread(pid_t pid);
/* User and system time so far. */
uint64_t proc_cpu_ms(pid_t pid);
/* Its IPv4 sockets in CLOSE_WAIT. */
unsigned proc_close_waits(pid_t pid);
/* Has the other end of a connection over IPv4 on this machine, whose near end has this
 * port, read all that was sent? */
bool proc_has_read(unsigned port);
