/* What a backend can do, and the lines that tell of it. Private to the control folder. */
#pragma once

struct backend;

/* Before its rotation is published: logs and counts when it begins or ceases to serve,
 * and when another tier than the first serves, or too few servers, or all of them. */
void strength_note(struct backend *backend);
/* Once a second: the same line is not logged twice within one; where it came to is. */
void strength_tell(struct backend *backend);
