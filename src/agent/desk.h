/* Answers whoever asks with what was seen a moment ago. */
#pragma once

#include "agent/options.h"

#include <stdbool.h>

struct desk;
struct ev_loop;

/* Listens, and says so in the log. NULL, and the log says why. The options are
 * borrowed. */
struct desk *desk_open(struct ev_loop *loop, const struct options *options);
void desk_close(struct desk *desk);
