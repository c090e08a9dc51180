/* Any text as an address: what is understood is understood again from what is written of
 * it, and means the same. */
#include "base/address.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = memory_new(size + 1);
    struct address_parts parts, again;

    memcpy(text, data, size);
    if (!address_parse(text, &parts) && parts.kind == ADDRESS_NUMERIC) {
        ensure(!address_parse(address_text(&parts.address).chars, &again));
        ensure(again.kind == ADDRESS_NUMERIC);
        ensure(address_is_equal(&parts.address, &again.address));
    }
    free(text);
    return 0;
}
