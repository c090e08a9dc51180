/* Memory for start, reload and administration: zeroed, and never NULL.
 *
 * Running out prints a sentence and aborts; the data path uses slabs instead. */
#pragma once

#include <stddef.h>

void *memory_new(size_t size);
void *memory_new_array(size_t count, size_t size);

/* Takes the old block, NULL for none. The added part is not zeroed. */
void *memory_resize(void *old, size_t size);
char *memory_copy_text(const char *text);

/* Says where a broken promise was found, and aborts. Always compiled in. */
#define ensure(condition)                                                                \
    ((condition) ? (void)0 : memory_promise_broken(#condition, __FILE__, __LINE__))

_Noreturn void memory_promise_broken(const char *condition, const char *file, int line);
