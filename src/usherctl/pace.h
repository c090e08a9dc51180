/* How fast counters move, from two looks. Pure. */
#pragma once

#include "usherctl/survey.h"

/* Fills in the rates of `now`. What was not there before, or went backwards because usher
 * was started again, has none. NULL before: nothing has one. */
void pace_measure(const struct survey *before, struct survey *now);
