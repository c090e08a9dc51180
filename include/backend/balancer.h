/* The ways to choose a server, by name. */
#pragma once

#include <stdbool.h>

struct balancer;

/* NULL for none of that name. */
const struct balancer *balancer_find(const char *name);
const char *balancer_name(const struct balancer *balancer);
/* All names, ended by NULL. */
const char *const *balancer_names(void);
