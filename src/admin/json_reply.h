/* A reply as people read it, made JSON for programs. Pure.
 *
 * Tables are arrays with an object for each row, all else is
 *     {"severity":"info","message":"..."} */
#pragma once

struct reply;

/* The reply as it would have been framed is now one line of JSON, without a severity of
 * its own. */
void json_reply_turn(struct reply *reply);
