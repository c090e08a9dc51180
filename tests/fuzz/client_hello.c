/* Any bytes as a TLS greeting, as they are and as the message in records of some size:
 * how it came never changes an answer, and names are fit to be compared and logged. */
#include "base/memory.h"
#include "net/client_hello.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_texts(const struct client_hello *hello)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
    size_t length = strlen(hello->name);

    ensure(length < sizeof hello->name && strlen(hello->alpn) < sizeof hello->alpn);
    ensure(hello->has_name == (length > 0));
    ensure(strspn(hello->name, letters) == length);
    ensure(!length || (hello->name[0] != '.' && hello->name[length - 1] != '.'));
    ensure(!strstr(hello->name, "..") && !strstr(hello->alpn, ",,"));
    for (const char *letter = hello->alpn; *letter; letter++)
        ensure(*letter > ' ' && *letter <= '~');
}

/* A copy of its own, so that reading too far is noticed. */
static enum hello_outcome read_part(const uint8_t *data, size_t size,
                                    struct client_hello *hello)
{
    uint8_t *copy = memory_new(size ? size : 1);
    enum hello_outcome outcome;

    memset(hello, 'x', sizeof *hello);
    if (size)
        memcpy(copy, data, size);
    outcome = client_hello_read(copy, size, hello);
    free(copy);
    if (outcome == HELLO_FOUND)
        check_texts(hello);
    else
        ensure(hello->name[0] == 'x' && hello->alpn[0] == 'x');
    return outcome;
}

/* Once there is an answer it stands. */
static enum hello_outcome read_growing(const uint8_t *data, size_t size,
                                       struct client_hello *whole)
{
    enum hello_outcome outcome = read_part(data, size, whole);

    for (size_t length = size < 64 ? 0 : size % 32; length < size;
         length += 1 + size / 64) {
        struct client_hello hello;
        enum hello_outcome before = read_part(data, length, &hello);

        ensure(before == HELLO_MORE || before == outcome);
        ensure(before == HELLO_MORE || !memcmp(&hello, whole, sizeof hello));
    }
    ensure(outcome != HELLO_MORE || size < CLIENT_HELLO_MOST);
    return outcome;
}

static size_t cut(const uint8_t *message, size_t length, size_t part, uint8_t *out)
{
    size_t used = 0;

    for (size_t at = 0; at < length; at += part) {
        size_t size = length - at < part ? length - at : part;
        uint8_t start[5] = { 22, 3, 1, (uint8_t)(size >> 8), (uint8_t)size };

        memcpy(out + used, start, sizeof start);
        memcpy(out + used + sizeof start, message + at, size);
        used += sizeof start + size;
    }
    return used;
}

/* The input is the body of a greeting. */
static void read_in_records(const uint8_t *data, size_t size)
{
    uint8_t *message = memory_new(size + 4), *records = memory_new(6 * (size + 4));
    size_t part = size ? 1 + data[size - 1] : 1;
    struct client_hello whole, parted;
    enum hello_outcome outcome;

    message[0] = 1;
    message[2] = (uint8_t)(size >> 8);
    message[3] = (uint8_t)size;
    if (size)
        memcpy(message + 4, data, size);
    outcome = read_growing(records, cut(message, size + 4, size + 4, records), &whole);
    size = cut(message, size + 4, part, records);
    if (size <= CLIENT_HELLO_MOST) {
        ensure(outcome == read_growing(records, size, &parted));
        ensure(!memcmp(&whole, &parted, sizeof whole));
    }
    free(records);
    free(message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct client_hello hello;

    (void)read_growing(data, size, &hello);
    if (size < CLIENT_HELLO_MOST - 16)
        read_in_records(data, size);
    memset(&hello, 0, sizeof hello);
    if (client_hello_read_name(data, size, &hello))
        check_texts(&hello);
    return 0;
}
