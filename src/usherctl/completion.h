/* What makes a shell complete usherctl, from its tables. */
#pragma once

#include "base/buffer.h"

/* Of "bash" or "zsh". */
void completion_write(const char *shell, struct buffer *out);
