/* `show info`: the figures of the whole process. Main only. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct buffer;
struct control;
struct settings;

void info_write(const struct control *control, struct buffer *out);
/* The share of time that none of so many threads worked, since this was last asked
 * for. */
uint64_t info_idle_percent(uint64_t threads);
/* The name of this usher. */
void info_write_node(const struct settings *settings, char *node, size_t size);
