/* What is not as the configuration says, because somebody changed it at runtime. Main
 * only. */
#pragma once

struct buffer;
struct control;

/* One line each: "server app/a: weight 10 -> 5", what the file says first. In the order
 * of the configuration; nothing when all is as it says. */
void drift_write(const struct control *control, struct buffer *out);
/* What became of those lines after a reload: "kept: ..." or "dropped: ...". Pure. */
void drift_write_fate(const char *before, const char *after, struct buffer *out);

/* Writes the state-file now: states and weights of servers. NULL when done, else a static
 * sentence. */
const char *drift_save(struct control *control);
