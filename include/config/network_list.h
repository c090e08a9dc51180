/* What lines of networks mean, the files among them included. Main only. */
#pragma once

#include <stddef.h>

struct network_settings;
struct networks;
struct problems;

/* Never NULL; the caller owns it. What cannot be read is left out, with a problem at the
 * line, or at the line of the file. */
struct networks *network_list_read(const struct network_settings *lines, size_t count,
                                   struct problems *problems);
