/* A real ZooKeeper ensemble: members that can be killed, started again, stopped and
 * continued. Its files are under /tmp, its addresses 127.0.0.1. */
#pragma once

#include <stdbool.h>

enum { ENSEMBLE_SIZE = 3 };

struct ensemble;

/* Skips the test when Java or ZooKeeper is not installed. Takes two to four seconds:
 * until there are a leader and its followers. The lines are for the configuration of
 * each member; "" for none. */
struct ensemble *ensemble_start(const char *lines);
void ensemble_stop(struct ensemble *ensemble);

/* Members are counted from 0. Kept. */
const char *ensemble_address(const struct ensemble *ensemble, unsigned member);
/* What is written to the log of a member. */
const char *ensemble_log(const struct ensemble *ensemble, unsigned member);

/* SIGKILL; returns once it is gone. Connecting to it is refused then. */
void ensemble_kill(struct ensemble *ensemble, unsigned member);
/* Starts it again; it may take a second until it serves. */
void ensemble_revive(struct ensemble *ensemble, unsigned member);
/* SIGSTOP and SIGCONT: connections are accepted by the kernel alone. */
void ensemble_freeze(struct ensemble *ensemble, unsigned member);
void ensemble_thaw(struct ensemble *ensemble, unsigned member);

/* "leader", "follower", "not serving"; "" when it does not answer. Asked from 127.0.0.9,
 * so that the limit of connections of one address is for others. */
const char *ensemble_role(const struct ensemble *ensemble, unsigned member);
/* Who leads; fails when nobody does in time. */
unsigned ensemble_leader(const struct ensemble *ensemble);
/* Who follows: the first one of them, or the second one. */
unsigned ensemble_follower(const struct ensemble *ensemble, unsigned number);
