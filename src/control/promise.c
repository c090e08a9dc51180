#include "control/promise.h"

#include "control/control_parts.h"

void promise_make(struct control *control, struct promise *promise, void *owner)
{
    promise->owner = owner;
    list_append(&control->promises, &promise->link);
}

void promise_end(struct promise *promise)
{
    list_remove(&promise->link);
}

void promise_forget(struct control *control, const void *owner)
{
    list_each(link, &control->promises) {
        struct promise *promise = list_object(link, struct promise, link);

        if (!owner || promise->owner == owner)
            promise->owner = NULL;
    }
}
