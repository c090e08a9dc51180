/* What a client is shown when it may go on. Main only. */
#pragma once

#include <stdbool.h>

struct buffer;
struct call;

/* Nothing unless the caller wants prompts. */
void prompt_write(const struct call *call, bool is_in_payload, struct buffer *out);
