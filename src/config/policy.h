/* Values with a grammar of their own: shares, what to do when something is down or empty.
 *
 * Each reads further a struct that begins with its text; NULL, or a sentence that says
 * what is wrong. */
#pragma once

struct arena;

const char *policy_read_share(void *object, struct arena *arena);
const char *policy_read_on_down(void *object, struct arena *arena);
const char *policy_read_when_empty(void *object, struct arena *arena);
