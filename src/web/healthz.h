/* May clients be sent here? For balancers and supervisors. Main only. */
#pragma once

struct buffer;
struct control;

/* The HTTP status, and a sentence about it: 200, 503, or 404 for an unknown frontend. Of
 * one frontend, or "" for all: one that serves is enough. */
unsigned healthz_ask(const struct control *control, const char *frontend,
                     struct buffer *out);
