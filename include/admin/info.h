/* `show info`: the figures of the whole process. Main only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;
struct control;
struct settings;

enum info_form { INFO_PLAIN, INFO_TYPED, INFO_JSON };

struct info_wish {
    enum info_form form;
    bool has_help; /* but for JSON */
};

void info_write(const struct control *control, const struct info_wish *wish,
                struct buffer *out);
/* The share of time that none of so many threads worked, since this was last asked
 * for. */
uint64_t info_idle_percent(uint64_t threads);
/* The name of this usher. */
void info_write_node(const struct settings *settings, char *node, size_t size);
