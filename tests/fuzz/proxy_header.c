/* Any bytes as a PROXY header, in one piece, byte by byte and as it is wanted: the same
 * each time. And as facts: what is written is read again, whole. */
#include "base/memory.h"
#include "net/proxy_header.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A copy of its own, so that reading too far is noticed. */
static void take(struct proxy_header *header, const uint8_t *data, size_t size)
{
    uint8_t *copy = memory_new(size ? size : 1);
    size_t before = header->length;
    enum proxy_outcome outcome;

    if (size)
        memcpy(copy, data, size);
    outcome = proxy_header_take(header, copy, size);
    free(copy);
    ensure(outcome == header->outcome && header->length - before <= size);
    ensure((outcome == PROXY_REFUSED) == (header->why != NULL));
    ensure(outcome != PROXY_MORE || (header->wanted && header->length - before == size));
    ensure(header->length <= PROXY_HEADER_MOST);
}

static void check_same(const struct proxy_header *one, const struct proxy_header *other)
{
    ensure(one->outcome == other->outcome && one->length == other->length);
    ensure(one->why == other->why && one->has_addresses == other->has_addresses);
    ensure(address_is_equal(&one->source, &other->source));
    ensure(address_is_equal(&one->destination, &other->destination));
}

static void read_header(const uint8_t *data, size_t size)
{
    struct proxy_header whole = { 0 }, bytewise = { 0 }, wanted = { 0 };
    size_t at = 0;

    take(&whole, data, size);
    for (size_t i = 0; i < size; i++)
        take(&bytewise, data + i, 1);
    if (size)
        check_same(&whole, &bytewise);
    take(&wanted, NULL, 0);
    while (wanted.outcome == PROXY_MORE && at + wanted.wanted <= size) {
        size_t part = wanted.wanted;

        take(&wanted, data + at, part);
        at += part;
    }
    ensure(wanted.outcome != PROXY_DONE || at == wanted.length);
    ensure((wanted.outcome == PROXY_DONE) == (whole.outcome == PROXY_DONE));
    if (wanted.outcome != PROXY_MORE)
        check_same(&whole, &wanted);
}

/* The next text of the input, NULL for none. */
static const char *next_text(const char **text, const char *end)
{
    const char *found = *text;

    if (found >= end)
        return NULL;
    *text += strlen(found) + 1;
    return found;
}

static struct address address_from(const uint8_t *data, bool is_ip6)
{
    struct address address = { .length = sizeof address.as.ip4 };

    if (is_ip6) {
        address.length = sizeof address.as.ip6;
        address.as.ip6.sin6_family = AF_INET6;
        memcpy(&address.as.ip6.sin6_addr, data, 16);
    } else {
        address.as.ip4.sin_family = AF_INET;
        memcpy(&address.as.ip4.sin_addr, data, 4);
    }
    address_set_port(&address, (uint16_t)(data[0] << 8 | data[15]));
    return address;
}

typedef size_t write_function(const struct proxy_facts *facts, unsigned char *out,
                              size_t size);

static void read_again(write_function *write, const struct proxy_facts *facts,
                       bool is_alike)
{
    size_t room = PROXY_HEADER_MOST;
    unsigned char *out = memory_new(room);
    size_t length = write(facts, out, room);
    struct proxy_header header = { 0 };

    if (length) {
        ensure(length <= room && !write(facts, out, length - 1));
        ensure(write(facts, out, length) == length);
        take(&header, out, length);
        ensure(header.outcome == PROXY_DONE && header.length == length);
        ensure(is_alike || !header.has_addresses);
        ensure(!header.has_addresses ||
               address_port(&header.source) == address_port(facts->source));
    }
    free(out);
}

static void write_header(const uint8_t *data, size_t size)
{
    char *text = memory_new(size + 1);
    const char *rest = text, *end = text + size;
    bool source6 = data[32] & 1, destination6 = data[32] & 2;
    struct address source = address_from(data, source6);
    struct address destination = address_from(data + 16, destination6);
    struct proxy_facts facts = { .source = &source,
                                 .destination = &destination,
                                 .has_certificate = data[32] & 4,
                                 .is_verified = data[32] & 8,
                                 .is_resumed = data[32] & 16 };

    memcpy(text, data + 33, size - 33);
    facts.name = next_text(&rest, end);
    facts.tls_version = next_text(&rest, end);
    facts.alpn = next_text(&rest, end);
    facts.cipher = next_text(&rest, end);
    facts.client_name = next_text(&rest, end);
    read_again(proxy_header_write_v1, &facts,
               source6 == destination6 || !source6 || !destination6);
    read_again(proxy_header_write_v2, &facts, true);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_header(data, size);
    if (size >= 33)
        write_header(data, size);
    return 0;
}
