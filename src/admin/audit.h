/* A line of the log for each change that was asked for: what, with what result, by whom.
 *
 * Main only. */
#pragma once

#include "admin/line.h"

struct buffer;
struct call;

/* The reply is complete. Only the first `most_words` are told: the rest may be secret. */
void audit_write(const struct call *call, size_t most_words);

/* Pure: the words as one text that breaks out of no quotes and fits in a line. */
void audit_words(const struct words *words, size_t most_words, struct buffer *out);
