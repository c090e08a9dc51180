/* Any bytes as a request: nothing is read beyond them, what is decided stays decided when
 * more comes, and what was good has a path. */
#include "base/memory.h"
#include "web/http_request.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct http_request *request)
{
    struct http_option option;
    size_t at = 0;

    ensure(request->status || request->path[0] == '/');
    while (http_request_option(request, &at, &option))
        ensure(at <= strlen(request->options));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct http_request whole, part;
    bool is_whole;
    char *copy;

    is_whole = http_request_read((const char *)data, size, &whole);
    if (is_whole)
        check(&whole);
    for (size_t cut = 0; cut < size; cut += 1 + size / 64) {
        copy = memory_new(cut + 1);
        memcpy(copy, data, cut);
        if (http_request_read(copy, cut, &part)) {
            ensure(is_whole);
            ensure(part.status == whole.status);
        }
        free(copy);
    }
    return 0;
}
