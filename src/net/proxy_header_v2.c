/* The binary header of version 2: signature, command, family, length, addresses, TLVs. A
 * TLV is judged where it begins, the checksum is made on the way. */
#include "net/proxy_header_version.h"

#include <string.h>

enum {
    COMMAND_AT = 12,
    FAMILY_AT,
    LENGTH_AT,
    START = 16,
    TLV_START = 3, /* type and length */
    TYPE_CRC32C = 3,
    CRC32C_LENGTH = 4,
    COMMAND_LOCAL = 0,
    COMMAND_PROXY = 1,
    PROTOCOL_UNSPEC = 0,
    PROTOCOL_STREAM = 1,
    PROTOCOL_DGRAM = 2,
    VERSION = 2,
};

static const unsigned char signature[COMMAND_AT] = PROXY_HEADER_V2_SIGNATURE;

static const struct family {
    int family; /* AF_UNSPEC: not relayed */
    size_t ip;  /* bytes */
    size_t addresses;
} families[] = {
    { AF_UNSPEC, 0, 0 },
    { AF_INET, 4, 2 * (4 + 2) },
    { AF_INET6, 16, 2 * (16 + 2) },
    { AF_UNSPEC, 0, 2 * 108 }, /* UNIX sockets */
};

static const char overrun[] = "a TLV runs over the end of the header";

/* RFC 3720 B.4: CRC32C with its bits reversed, four at a time. */
static uint32_t add_to_checksum(uint32_t checksum, unsigned char byte)
{
    static const uint32_t table[16] = {
        0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, /* of 0 to 3 */
        0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d, /* of 4 to 7 */
        0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9, /* of 8 to 11 */
        0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75, /* of 12 to 15 */
    };

    checksum ^= byte;
    checksum = checksum >> 4 ^ table[checksum & 15];
    return checksum >> 4 ^ table[checksum & 15];
}

static unsigned high(unsigned char byte)
{
    return byte >> 4;
}

static unsigned low(unsigned char byte)
{
    return byte & 15;
}

static size_t number_at(const unsigned char *at)
{
    return (size_t)at[0] << 8 | at[1];
}

/* What the specification lets receivers ignore: it may hold anything. */
static bool is_skipped(const unsigned char *start)
{
    return low(start[COMMAND_AT]) == COMMAND_LOCAL || !high(start[FAMILY_AT]) ||
           low(start[FAMILY_AT]) == PROTOCOL_UNSPEC;
}

static const char *check_command(unsigned char byte)
{
    if (high(byte) != VERSION)
        return "the version is not 2";
    if (low(byte) > COMMAND_PROXY)
        return "the command is neither LOCAL nor PROXY";
    return NULL;
}

/* LOCAL ignores it. */
static const char *check_family(unsigned char byte, unsigned command)
{
    if (command == COMMAND_LOCAL)
        return NULL;
    if (high(byte) >= sizeof families / sizeof *families)
        return "the address family is unknown";
    if (low(byte) > PROTOCOL_DGRAM)
        return "the transport protocol is unknown";
    return NULL;
}

/* A gap too short for a TLV can only be one that was cut. */
static const char *check_rest(size_t left)
{
    return left && left < TLV_START ? overrun : NULL;
}

static const char *check_length(struct proxy_reading *reading)
{
    size_t length = number_at(reading->kept + LENGTH_AT), addresses;

    reading->total = START + length;
    reading->tlvs_at = reading->total;
    if (is_skipped(reading->kept))
        return NULL;
    addresses = families[high(reading->kept[FAMILY_AT])].addresses;
    if (length < addresses)
        return "the header is too short for its addresses";
    reading->tlvs_at = START + addresses;
    return check_rest(length - addresses);
}

static const char *take_start(struct proxy_header *header, unsigned char byte)
{
    struct proxy_reading *reading = &header->reading;
    size_t at = header->length - 1;

    header->wanted = START - header->length;
    if (at < sizeof signature)
        return byte == signature[at] ? NULL : "it is not a PROXY header";
    if (at == COMMAND_AT)
        return check_command(byte);
    if (at == FAMILY_AT)
        return check_family(byte, low(reading->kept[COMMAND_AT]));
    return header->length == START ? check_length(reading) : NULL;
}

/* The type and the length of a TLV are known; `left` bytes of the header are not read. */
static const char *check_tlv(struct proxy_reading *reading, size_t left)
{
    if (reading->tlv_left > left)
        return overrun;
    if (reading->tlv_type != TYPE_CRC32C)
        return NULL;
    if (reading->tlv_left != CRC32C_LENGTH)
        return "the checksum is not of four bytes";
    if (reading->has_checksum)
        return "there is more than one checksum";
    reading->has_checksum = true;
    return NULL;
}

static const char *take_tlv_start(struct proxy_reading *reading, unsigned char byte,
                                  size_t left)
{
    if (!reading->tlv_seen++) {
        reading->tlv_type = byte;
        reading->tlv_left = 0;
        return NULL;
    }
    reading->tlv_left = reading->tlv_left << 8 | byte;
    return reading->tlv_seen == TLV_START ? check_tlv(reading, left) : NULL;
}

static bool is_of_checksum(const struct proxy_reading *reading)
{
    return reading->tlv_seen == TLV_START && reading->tlv_type == TYPE_CRC32C;
}

static const char *take_tlv(struct proxy_reading *reading, unsigned char byte,
                            size_t left)
{
    const char *why = NULL;

    if (reading->tlv_seen < TLV_START) {
        why = take_tlv_start(reading, byte, left);
    } else {
        reading->tlv_left--;
        if (is_of_checksum(reading))
            reading->announced = reading->announced << 8 | byte;
    }
    if (why || reading->tlv_seen < TLV_START || reading->tlv_left)
        return why;
    reading->tlv_seen = 0;
    return check_rest(left);
}

static void set_addresses(struct proxy_header *header)
{
    const unsigned char *start = header->reading.kept, *ips = start + START;
    const struct family *family = &families[high(start[FAMILY_AT])];
    const unsigned char *ports = ips + 2 * family->ip;

    if (family->family == AF_UNSPEC || low(start[FAMILY_AT]) != PROTOCOL_STREAM)
        return;
    header->has_addresses = true;
    header->source = proxy_header_address(family->family, ips,
                                          (uint16_t)number_at(ports));
    header->destination = proxy_header_address(family->family, ips + family->ip,
                                               (uint16_t)number_at(ports + 2));
}

static const char *finish(struct proxy_header *header)
{
    const struct proxy_reading *reading = &header->reading;

    if (reading->has_checksum && ~reading->checksum != reading->announced)
        return "the checksum is wrong";
    if (!is_skipped(reading->kept))
        set_addresses(header);
    return NULL;
}

const char *proxy_header_v2_take(struct proxy_header *header, unsigned char byte)
{
    struct proxy_reading *reading = &header->reading;
    const char *why = NULL;

    if (header->length == 1)
        reading->checksum = UINT32_MAX;
    reading->checksum = add_to_checksum(reading->checksum,
                                        is_of_checksum(reading) ? 0 : byte);
    if (header->length <= START)
        why = take_start(header, byte);
    else if (header->length > reading->tlvs_at)
        why = take_tlv(reading, byte, reading->total - header->length);
    if (why || header->length < START)
        return why;
    header->wanted = reading->total - header->length;
    return header->wanted ? NULL : finish(header);
}
