/* The one table of all keys: sections, types, limits, what they start as, help. */
#pragma once

struct buffer;

/* An annotated configuration file with every key: `usher --keys`, conf/usher.ini. */
void schema_write(struct buffer *out);
