/* Commands that show what usher serves. */
#pragma once

#include "usherctl/verbs.h"

verb_run inspect_status;
/* The names of all servers, for shells that complete them. */
verb_run inspect_names;
