/* `show servers state`, version 1 of the format: HAProxy's state file. Main only. */
#pragma once

struct backend;
struct buffer;
struct control;

/* Of all backends when `only` is NULL. */
void state_write(const struct control *control, const struct backend *only,
                 struct buffer *out);
