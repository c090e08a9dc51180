/* Makes sets of networks from the lines of a configuration. Private to the control folder. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct network_settings;
struct networks;
struct problems;

/* No line: NULL. False, with problems, when a file of networks cannot be used. */
bool access_list_read(const struct network_settings *lines, size_t count,
                      struct networks **networks, struct problems *problems);
