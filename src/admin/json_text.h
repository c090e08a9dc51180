/* Texts as JSON. Pure. */
#pragma once

#include <stddef.h>

struct buffer;

/* In quotes. What is not printable is spelt as in all replies: \xNN. */
void json_text_write(const char *text, size_t length, struct buffer *out);
/* As a number if it is one that every reader takes as it is, else in quotes. */
void json_text_write_value(const char *text, size_t length, struct buffer *out);
