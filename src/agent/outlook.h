/* Looks at the host now and then, and keeps what was seen during the window. */
#pragma once

#include "agent/figures.h"
#include "agent/options.h"

struct outlook;

/* The options are borrowed. Nothing is seen yet. */
struct outlook *outlook_create(const struct options *options);
void outlook_destroy(struct outlook *outlook);

/* Looks, which may take as long as its disks take to answer. */
void outlook_look(struct outlook *outlook);
/* As of the last look; the CPU's average needs two of them. */
struct figures outlook_figures(const struct outlook *outlook);
