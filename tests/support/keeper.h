/* A client of ZooKeeper, as plain as its protocol: its session outlives connections. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { KEEPER_PASSWORD = 16 };

struct keeper {
    int fd;          /* -1: not connected */
    int64_t session; /* 0: none yet */
    unsigned char password[KEEPER_PASSWORD];
    uint32_t timeout_ms; /* of the session: what is wished, then what was granted */
};

/* Without a connection. */
struct keeper keeper_new(uint32_t timeout_ms);
/* Begins the session, or takes it along to this connection. False when that is refused,
 * or not answered within `ms`; a session that has expired is 0 afterwards. */
bool keeper_connect(struct keeper *keeper, const char *address, uint64_t ms);
/* Says that it is alive and hears the answer. False: the connection is over or frozen. */
bool keeper_ping(struct keeper *keeper, uint64_t ms);
/* A write to the whole ensemble: makes a node that goes with the session. */
bool keeper_create(struct keeper *keeper, const char *path, uint64_t ms);
/* Does the node exist? Of any session. */
bool keeper_finds(struct keeper *keeper, const char *path, uint64_t ms);
/* The connection only; the session waits for the next one. */
void keeper_disconnect(struct keeper *keeper);
