/* `usherctl drain`: usher is told, and waited for. */
#pragma once

#include "usherctl/verbs.h"

verb_run vacate_run;
