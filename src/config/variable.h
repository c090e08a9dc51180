/* Environment variables inside values: ${NAME}. Main only. */
#pragma once

#include "base/problem.h"

struct arena;

/* The text with each ${NAME} replaced and each $${ turned into ${, in the arena. NULL,
 * with a problem for each, when a variable is not set or not well written. */
const char *variable_expand(const char *text, struct place place, struct arena *arena,
                            struct problems *problems);
