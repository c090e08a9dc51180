/* Who may come in: the limits, asked before anything is spent on a client. */
#pragma once

#include <stdbool.h>

struct frontend;
struct workspace;

/* Counts the client as present, everywhere it counts; false when a limit is reached,
 * which has then been counted and logged. */
bool admission_ask(struct workspace *workspace, const struct frontend *frontend);
/* The client is gone: the session's last touch of its frontend. */
void admission_leave(struct workspace *workspace, const struct frontend *frontend);
