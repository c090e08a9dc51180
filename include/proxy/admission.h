/* Who may come in: the limits, asked before anything is spent on a client. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct endpoint;
struct frontend;
struct workspace;

/* Counts the client as present, everywhere it counts; false when a limit is reached,
 * which has then been counted and logged. */
bool admission_ask(struct workspace *workspace, const struct frontend *frontend,
                   const struct endpoint *peer, uint32_t *visit);
/* The same for the client whom a PROXY header announces; its limits, not the
 * frontend's. */
bool admission_ask_announced(struct workspace *workspace, const struct frontend *frontend,
                             const struct endpoint *client, uint32_t *visit);
/* The client is gone: the session's last touch of its frontend. */
void admission_leave(struct workspace *workspace, const struct frontend *frontend,
                     uint32_t visit);
