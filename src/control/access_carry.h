/* Takes what was changed by hand along from one generation to the next. Private to the
 * control folder. */
#pragma once

struct generation;

/* Nobody serves under `next` yet. A list that the file has changed is left as the file
 * has it. */
void access_carry(const struct generation *old, struct generation *next);
