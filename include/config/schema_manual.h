/* usher.ini(5), from the table of all keys. */
#pragma once

struct buffer;

void schema_manual_write(struct buffer *out);
