/* What administrators wanted of servers, kept over a restart. Main only; private to the
 * control folder. */
#pragma once

#include <stdbool.h>

struct control;

/* At the start, once the servers are known. A file that is too old or cannot be read is
 * ignored, with a warning. */
void state_file_load(struct control *control);
/* Now and then: writes the file when it would say something else, or gets old. The last
 * time in any case. */
void state_file_save(struct control *control, bool is_last);
void state_file_end(struct control *control);
