/* Texts and figures for people, as HTML. Pure. */
#pragma once

#include <stdint.h>

struct buffer;

/* Nothing in it is markup afterwards; bytes that are no printable ASCII are spelt. */
void html_text(const char *text, struct buffer *out);
/* "12,345" */
void html_count(uint64_t count, struct buffer *out);
/* "640 B", "1.2 MB": thousands, not 1024s. */
void html_bytes(uint64_t bytes, struct buffer *out);
/* "3 ms", "1.25 s", "4m10s" */
void html_span(uint64_t ms, struct buffer *out);
