/* usherctl(1). */
#pragma once

struct buffer;

void usherctl_manual_write(struct buffer *out);
