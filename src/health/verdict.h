/* How kinds of probes put what they think. Pure. */
#pragma once

#include "health/result.h"

/* More has to be heard. */
struct verdict verdict_pending(void);
/* On with the dialogue; so many bytes of what was heard are done with. */
struct verdict verdict_next(size_t heard);
/* Servers may say anything, and logs and tables have one line for it. */
void verdict_make_plain(struct verdict *verdict);
/* Answered as it should. */
struct verdict verdict_passed(const char *why);
/* The reason may quote the server: whatever cannot be printed becomes a question mark. */
struct verdict verdict_failed(enum result result, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
