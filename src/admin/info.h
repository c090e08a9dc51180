/* `show info`: the figures of the whole process. Main only. */
#pragma once

struct buffer;
struct control;

void info_write(const struct control *control, struct buffer *out);
