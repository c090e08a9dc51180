/* usher-agent(8). */
#pragma once

struct buffer;

void agent_manual_write(struct buffer *out);
