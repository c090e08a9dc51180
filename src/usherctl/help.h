/* What usherctl says of itself, from its tables. */
#pragma once

#include "base/buffer.h"

void help_write(struct buffer *out);
