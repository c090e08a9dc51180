/* `usherctl top`: looks again and again, and does what keys ask for. */
#pragma once

#include "usherctl/verbs.h"

verb_run live_run;
