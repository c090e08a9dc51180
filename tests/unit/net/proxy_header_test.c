#include "net/proxy_header.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
/* A text with its length, NULs and all. */
#define BYTES(text) text, sizeof(text) - 1
#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define IPS4 "\xc0\0\2\1\xc0\0\2\2" /* 192.0.2.1, 192.0.2.2 */
#define ADDRESSES4 IPS4 "\x04\xd2\x01\xbb"
#define IP6 "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0"
#define ADDRESSES6 IP6 "\1" IP6 "\2\x04\xd2\x01\xbb"

static const char not_one[] = "it is not a PROXY header";
static const char apart[] = "CR and LF stand apart";
static const char unended[] = "the line does not end within 107 bytes";
static const char protocol[] = "the protocol is not TCP4, TCP6 or UNKNOWN";
static const char address[] = "an address is malformed or not of the family announced";
static const char strange[] = "a field has a byte of neither addresses nor ports";
static const char port[] = "a port is not a number from 0 to 65535";
static const char zero[] = "a port begins with a zero";
static const char empty[] = "a field is empty: blanks stand alone";
static const char missing[] = "a field is missing";
static const char too_many[] = "there is more than four fields";
static const char overrun[] = "a TLV runs over the end of the header";
static const char too_short[] = "the header is too short for its addresses";

struct reading {
    const char *what, *bytes;
    size_t length;
    const char *addresses; /* NULL: none */
    const char *why;       /* NULL: understood */
};

static const char *text_of(const struct proxy_header *header)
{
    static char text[300];

    if (!header->has_addresses)
        return "none";
    (void)snprintf(text, sizeof text, "%s %s", address_text(&header->source).chars,
                   address_text(&header->destination).chars);
    return text;
}

static void expect_read(const struct reading *reading, const struct proxy_header *header)
{
    enum proxy_outcome outcome = reading->why ? PROXY_REFUSED : PROXY_DONE;

    cr_expect_eq(header->outcome, outcome, "%s: %s", reading->what, header->why);
    if (reading->why)
        cr_expect_str_eq(header->why ? header->why : "", reading->why, "%s",
                         reading->what);
    else
        cr_expect_eq(header->length, reading->length, "%s", reading->what);
    cr_expect_str_eq(text_of(header), reading->addresses ? reading->addresses : "none",
                     "%s", reading->what);
}

/* As `wanted` says: nobody ever reads too far or waits for what will not come. */
static void expect_wanted(const struct reading *reading)
{
    const unsigned char *bytes = (const unsigned char *)reading->bytes;
    struct proxy_header header = { 0 };
    size_t at = 0;

    (void)proxy_header_take(&header, NULL, 0);
    while (header.outcome == PROXY_MORE) {
        size_t wanted = header.wanted;

        cr_assert_gt(wanted, 0, "%s", reading->what);
        if (at + wanted > reading->length) {
            cr_assert(reading->why, "%s wants %zu at %zu", reading->what, wanted, at);
            wanted = reading->length - at;
        }
        cr_assert_gt(wanted, 0, "%s", reading->what);
        (void)proxy_header_take(&header, bytes + at, wanted);
        at += wanted;
    }
    expect_read(reading, &header);
}

/* At once with something behind it, and byte by byte. */
static void expect_reading(const struct reading *reading)
{
    size_t length = reading->length;
    unsigned char *bytes = malloc(length + 4);
    struct proxy_header header;

    cr_assert(bytes);
    memcpy(bytes, reading->bytes, length);
    memcpy(bytes + length, "\r\nx", 4);
    (void)proxy_header_read(bytes, length + (reading->why ? 0 : 4), &header);
    expect_read(reading, &header);
    for (size_t i = 0; !reading->why && i < length; i++) {
        cr_assert_eq(proxy_header_read(bytes, i, &header), PROXY_MORE, "%s",
                     reading->what);
        cr_assert_leq(header.wanted, length - i, "%s", reading->what);
        cr_assert_eq(header.length, i);
    }
    header = (struct proxy_header){ 0 };
    for (size_t i = 0; i < length; i++)
        (void)proxy_header_take(&header, bytes + i, 1);
    expect_read(reading, &header);
    expect_wanted(reading);
    free(bytes);
}

static void expect_readings(const struct reading *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        expect_reading(&cases[i]);
}

Test(proxy_header, wants_the_shortest_first)
{
    struct proxy_header header = { 0 };

    cr_expect_eq(proxy_header_take(&header, NULL, 0), PROXY_MORE);
    cr_expect_eq(header.wanted, 15);
    cr_expect_eq(header.length, 0);
}

Test(proxy_header, reads_lines_of_version_1)
{
    static const struct reading cases[] = {
        { "TCP4", BYTES("PROXY TCP4 192.0.2.1 192.0.2.2 1234 443\r\n"),
          "192.0.2.1:1234 192.0.2.2:443", NULL },
        { "least", BYTES("PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n"), "0.0.0.0:0 0.0.0.0:0",
          NULL },
        { "most", BYTES("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n"),
          "255.255.255.255:65535 255.255.255.255:65535", NULL },
        { "TCP6", BYTES("PROXY TCP6 2001:db8::1 ::1 1234 443\r\n"),
          "[2001:db8::1]:1234 [::1]:443", NULL },
        { "TCP6, least", BYTES("PROXY TCP6 :: :: 0 0\r\n"), "[::]:0 [::]:0", NULL },
        { "TCP6, most",
          BYTES("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
                "FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFE 65535 65535\r\n"),
          "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535 "
          "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe]:65535",
          NULL },
        { "TCP6, mapped", BYTES("PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n"),
          "[::ffff:192.0.2.1]:1 [::1]:2", NULL },
        { "UNKNOWN", BYTES("PROXY UNKNOWN\r\n"), NULL, NULL },
        { "UNKNOWN, blank", BYTES("PROXY UNKNOWN \r\n"), NULL, NULL },
        { "UNKNOWN, addresses", BYTES("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"), NULL,
          NULL },
        { "UNKNOWN, anything", BYTES("PROXY UNKNOWN x\0\xff TCP4  %n\t\r\n"), NULL,
          NULL },
    };

    expect_readings(cases, COUNT(cases));
}

Test(proxy_header, refuses_wrong_lines_of_version_1)
{
    static const struct reading cases[] = {
        { "no PROXY", BYTES("POST /"), NULL, not_one },
        { "lower case", BYTES("proxy TCP4 1.1.1.1 1.1.1.1 1 1\r\n"), NULL, not_one },
        { "HTTP", BYTES("GET / HTTP/1.1\r\n\r\n"), NULL, not_one },
        { "TLS", BYTES("\x16\x03\x01"), NULL, not_one },
        { "a tab", BYTES("PROXY\tTCP4"), NULL, not_one },
        { "half of each", BYTES("PROX\0\r\nQUIT\n"), NULL, not_one },
        { "the end of it", BYTES("\r\n\r\n\0Y"), NULL, not_one },
        { "two blanks", BYTES("PROXY  TCP4"), NULL, protocol },
        { "TCP", BYTES("PROXY TCP 1.1.1.1 1.1.1.1 1 1\r\n"), NULL, protocol },
        { "TCP5", BYTES("PROXY TCP5 1.1.1.1 1.1.1.1 1 1\r\n"), NULL, protocol },
        { "tcp4", BYTES("PROXY tcp4 1.1.1.1 1.1.1.1 1 1\r\n"), NULL, protocol },
        { "UDP4", BYTES("PROXY UDP4 1.1.1.1 1.1.1.1 1 1\r\n"), NULL, protocol },
        { "TCP46", BYTES("PROXY TCP46 1.1.1.1 1.1.1.1 1 1\r\n"), NULL, protocol },
        { "no protocol", BYTES("PROXY \r\n"), NULL, protocol },
        { "TCP4 alone", BYTES("PROXY TCP4\r\n"), NULL, protocol },
        { "UNKNOWNS", BYTES("PROXY UNKNOWNS\r\n"), NULL, protocol },
        { "UNKNOWN, LF", BYTES("PROXY UNKNOWN\n"), NULL, protocol },
        { "UNKNOWN, CR", BYTES("PROXY UNKNOWN\r."), NULL, apart },
        { "UNKNOWN, CR CR", BYTES("PROXY UNKNOWN\r\r\n"), NULL, apart },
        { "UNKNOWN, LF behind", BYTES("PROXY UNKNOWN x\n"), NULL, apart },
    };

    expect_readings(cases, COUNT(cases));
}

Test(proxy_header, refuses_wrong_fields_of_version_1)
{
    static const struct reading cases[] = {
        { "LF", BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1 1\n"), NULL, apart },
        { "CR", BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1 1\rx"), NULL, apart },
        { "LF CR", BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1 1\n\r"), NULL, apart },
        { "256", BYTES("PROXY TCP4 192.0.2.256 1.1.1.1 1 1\r\n"), NULL, address },
        { "a zero in front", BYTES("PROXY TCP4 192.0.02.1 1.1.1.1 1 1\r\n"), NULL,
          address },
        { "octal", BYTES("PROXY TCP4 1.1.1.1 010.1.1.1 1 1\r\n"), NULL, address },
        { "three numbers", BYTES("PROXY TCP4 1.1.1 1.1.1.1 1 1\r\n"), NULL, address },
        { "five numbers", BYTES("PROXY TCP4 1.1.1.1.1 1.1.1.1 1 1\r\n"), NULL, address },
        { "hexadecimal", BYTES("PROXY TCP4 a.1.1.1 1.1.1.1 1 1\r\n"), NULL, address },
        { "TCP4, ::1", BYTES("PROXY TCP4 ::1 ::1 1 1\r\n"), NULL, address },
        { "TCP4, mapped", BYTES("PROXY TCP4 ::ffff:1.1.1.1 1.1.1.1 1 1\r\n"), NULL,
          address },
        { "TCP4, then ::1", BYTES("PROXY TCP4 1.1.1.1 ::1 1 1\r\n"), NULL, address },
        { "TCP6, IPv4", BYTES("PROXY TCP6 1.1.1.1 1.1.1.1 1 1\r\n"), NULL, address },
        { "TCP6, mixed", BYTES("PROXY TCP6 ::1 1.1.1.1 1 1\r\n"), NULL, address },
        { "TCP6, ::: ", BYTES("PROXY TCP6 ::: ::1 1 1\r\n"), NULL, address },
        { "TCP6, twice ::", BYTES("PROXY TCP6 1::2::3 ::1 1 1\r\n"), NULL, address },
        { "TCP6, five digits", BYTES("PROXY TCP6 12345::1 ::1 1 1\r\n"), NULL, address },
        { "TCP6, nine groups", BYTES("PROXY TCP6 1:2:3:4:5:6:7:8:9 ::1 1 1\r\n"), NULL,
          address },
        { "TCP6, seven groups", BYTES("PROXY TCP6 1:2:3:4:5:6:7 ::1 1 1\r\n"), NULL,
          address },
        { "TCP6, scope", BYTES("PROXY TCP6 fe80::1%1 ::1 1 1\r\n"), NULL, strange },
        { "TCP6, brackets", BYTES("PROXY TCP6 [::1] ::1 1 1\r\n"), NULL, strange },
        { "a name", BYTES("PROXY TCP4 localhost 1.1.1.1 1 1\r\n"), NULL, strange },
        { "a NUL", BYTES("PROXY TCP4 1.1.1.1\0 1.1.1.1 1 1\r\n"), NULL, strange },
        { "a sign", BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 +1 1\r\n"), NULL, strange },
        { "a minus", BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1 -1\r\n"), NULL, strange },
        { "a tab between", BYTES("PROXY TCP4 1.1.1.1\t1.1.1.1 1 1\r\n"), NULL, strange },
        { "65536", BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 65536 1\r\n"), NULL, port },
        { "65536 too", BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1 65536\r\n"), NULL, port },
        { "a huge port", BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1 18446744073709551617\r\n"),
          NULL, port },
        { "a word", BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1 abc\r\n"), NULL, port },
        { "hexadecimal", BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1a 1\r\n"), NULL, port },
        { "01", BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 01 1\r\n"), NULL, zero },
        { "00", BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1 00\r\n"), NULL, zero },
        { "two blanks", BYTES("PROXY TCP4 1.1.1.1  1.1.1.1 1\r\n"), NULL, empty },
        { "a blank in front", BYTES("PROXY TCP4  1.1.1.1 1.1.1.1 1\r\n"), NULL, empty },
        { "no second port", BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1 \r\n"), NULL, empty },
        { "no ports", BYTES("PROXY TCP4 1.1.1.1 1.1.1.1\r\n"), NULL, missing },
        { "one port", BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1\r\n"), NULL, missing },
        { "nothing", BYTES("PROXY TCP4 \r\n"), NULL, empty },
        { "a blank behind", BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1 1 \r\n"), NULL,
          too_many },
        { "three ports", BYTES("PROXY TCP4 1.1.1.1 1.1.1.1 1 1 1\r\n"), NULL, too_many },
    };

    expect_readings(cases, COUNT(cases));
}

Test(proxy_header, refuses_lines_that_do_not_end)
{
    static const char *const begins[] = { "PROXY UNKNOWN ", "PROXY TCP4 ",
                                          "PROXY TCP6 " };

    for (size_t i = 0; i < COUNT(begins); i++) {
        char line[PROXY_HEADER_V1_MOST + 3];
        struct reading reading = { begins[i], line, PROXY_HEADER_V1_MOST, NULL, unended };

        memset(line, '1', sizeof line);
        memcpy(line, begins[i], strlen(begins[i]));
        expect_reading(&reading);
        memcpy(line + PROXY_HEADER_V1_MOST - 1, "\r\n", 2);
        reading.length++;
        expect_reading(&reading);
    }
}

Test(proxy_header, takes_lines_of_107_bytes)
{
    char line[PROXY_HEADER_V1_MOST + 1] = "PROXY UNKNOWN ";
    struct reading reading = { "UNKNOWN", line, PROXY_HEADER_V1_MOST, NULL, NULL };

    memcpy(line + PROXY_HEADER_V1_MOST - 2, "\r\n", 2);
    expect_reading(&reading);
}

Test(proxy_header, reads_version_2)
{
    static const struct reading cases[] = {
        { "LOCAL", BYTES(SIGNATURE "\x20\0\0\0"), NULL, NULL },
        { "LOCAL, addresses", BYTES(SIGNATURE "\x20\x11\0\x0c" ADDRESSES4), NULL, NULL },
        { "LOCAL, anything", BYTES(SIGNATURE "\x20\xff\0\5\4\xff\xff\xff\xff"), NULL,
          NULL },
        { "LOCAL, wrong CRC", BYTES(SIGNATURE "\x20\0\0\7\3\0\4wron"), NULL, NULL },
        { "TCP4", BYTES(SIGNATURE "\x21\x11\0\x0c" ADDRESSES4),
          "192.0.2.1:1234 192.0.2.2:443", NULL },
        { "TCP6", BYTES(SIGNATURE "\x21\x21\0\x24" ADDRESSES6),
          "[2001:db8::1]:1234 [2001:db8::2]:443", NULL },
        { "UNSPEC", BYTES(SIGNATURE "\x21\0\0\0"), NULL, NULL },
        { "UNSPEC, anything", BYTES(SIGNATURE "\x21\0\0\2\1\xff"), NULL, NULL },
        { "UNSPEC, stream", BYTES(SIGNATURE "\x21\x01\0\0"), NULL, NULL },
        { "IPv4, UNSPEC", BYTES(SIGNATURE "\x21\x10\0\x0c" ADDRESSES4), NULL, NULL },
        { "UDP4", BYTES(SIGNATURE "\x21\x12\0\x0c" ADDRESSES4), NULL, NULL },
        { "UDP6", BYTES(SIGNATURE "\x21\x22\0\x24" ADDRESSES6), NULL, NULL },
        { "an empty TLV", BYTES(SIGNATURE "\x21\x11\0\x0f" ADDRESSES4 "\4\0\0"),
          "192.0.2.1:1234 192.0.2.2:443", NULL },
        { "three TLVs",
          BYTES(SIGNATURE "\x21\x11\0\x19" ADDRESSES4 "\4\0\0\1\0\2h2\xe0\0\2\3\0"),
          "192.0.2.1:1234 192.0.2.2:443", NULL },
        { "a NUL in a TLV", BYTES(SIGNATURE "\x21\x11\0\x12" ADDRESSES4 "\2\0\3a\0b"),
          "192.0.2.1:1234 192.0.2.2:443", NULL },
    };

    expect_readings(cases, COUNT(cases));
}

Test(proxy_header, refuses_wrong_headers_of_version_2)
{
    static const struct reading cases[] = {
        { "the signature", BYTES("\r\n\r\n\0\r\nQUIT\r"), NULL, not_one },
        { "no NUL", BYTES("\r\n\r\nGET /"), NULL, not_one },
        { "version 1", BYTES(SIGNATURE "\x11"), NULL, "the version is not 2" },
        { "version 3", BYTES(SIGNATURE "\x31"), NULL, "the version is not 2" },
        { "command 2", BYTES(SIGNATURE "\x22"), NULL,
          "the command is neither LOCAL nor PROXY" },
        { "command 15", BYTES(SIGNATURE "\x2f"), NULL,
          "the command is neither LOCAL nor PROXY" },
        { "family 4", BYTES(SIGNATURE "\x21\x41"), NULL,
          "the address family is unknown" },
        { "family 15", BYTES(SIGNATURE "\x21\xf0"), NULL,
          "the address family is unknown" },
        { "protocol 3", BYTES(SIGNATURE "\x21\x13"), NULL,
          "the transport protocol is unknown" },
        { "UNSPEC, protocol 3", BYTES(SIGNATURE "\x21\x03"), NULL,
          "the transport protocol is unknown" },
        { "TCP4, none", BYTES(SIGNATURE "\x21\x11\0\0"), NULL, too_short },
        { "TCP4, 11", BYTES(SIGNATURE "\x21\x11\0\x0b"), NULL, too_short },
        { "TCP6, 35", BYTES(SIGNATURE "\x21\x21\0\x23"), NULL, too_short },
        { "TCP6, of IPv4", BYTES(SIGNATURE "\x21\x21\0\x0c"), NULL, too_short },
        { "UDP4, 11", BYTES(SIGNATURE "\x21\x12\0\x0b"), NULL, too_short },
        { "UNIX, 215", BYTES(SIGNATURE "\x21\x31\0\xd7"), NULL, too_short },
        { "a byte behind", BYTES(SIGNATURE "\x21\x11\0\x0d"), NULL, overrun },
        { "two bytes behind", BYTES(SIGNATURE "\x21\x11\0\x0e"), NULL, overrun },
        { "a long TLV", BYTES(SIGNATURE "\x21\x11\0\x0f" ADDRESSES4 "\4\0\1"), NULL,
          overrun },
        { "a huge TLV", BYTES(SIGNATURE "\x21\x11\0\x12" ADDRESSES4 "\4\xff\xff"), NULL,
          overrun },
        { "a byte behind a TLV", BYTES(SIGNATURE "\x21\x11\0\x11" ADDRESSES4 "\4\0\1x"),
          NULL, overrun },
        { "a second TLV", BYTES(SIGNATURE "\x21\x11\0\x13" ADDRESSES4 "\4\0\0\4\0\2"),
          NULL, overrun },
        { "UDP6, a TLV", BYTES(SIGNATURE "\x21\x22\0\x27" ADDRESSES6 "\4\0\1"), NULL,
          overrun },
        { "a wrong CRC", BYTES(SIGNATURE "\x21\x11\0\x13" ADDRESSES4 "\3\0\4wron"), NULL,
          "the checksum is wrong" },
        { "a short CRC", BYTES(SIGNATURE "\x21\x11\0\x12" ADDRESSES4 "\3\0\3"), NULL,
          "the checksum is not of four bytes" },
        { "an empty CRC", BYTES(SIGNATURE "\x21\x11\0\x0f" ADDRESSES4 "\3\0\0"), NULL,
          "the checksum is not of four bytes" },
        { "two CRCs", BYTES(SIGNATURE "\x21\x11\0\x1a" ADDRESSES4 "\3\0\4once\3\0\4"),
          NULL, "there is more than one checksum" },
    };

    expect_readings(cases, COUNT(cases));
}

Test(proxy_header, falls_back_for_UNIX_sockets)
{
    static const char kinds[] = "\x30\x31\x32";

    for (size_t i = 0; i < 3; i++) {
        char bytes[16 + 216 + 4] = SIGNATURE "\x21";
        struct reading reading = { "UNIX", bytes, sizeof bytes, NULL, NULL };

        bytes[13] = kinds[i];
        bytes[15] = (char)(216 + 4);
        memcpy(bytes + 16 + 216, "\4\0\1x", 4);
        expect_reading(&reading);
    }
}

/* Bit by bit, as RFC 3309 describes it. */
static uint32_t checksum_of(const unsigned char *bytes, size_t length)
{
    uint32_t sum = UINT32_MAX;

    for (size_t i = 0; i < 8 * length; i++) {
        uint32_t bit = (sum ^ (uint32_t)bytes[i / 8] >> i % 8) & 1;

        sum = sum >> 1 ^ (bit ? 0x82f63b78 : 0);
    }
    return ~sum;
}

Test(proxy_header, verifies_the_checksum)
{
    unsigned char bytes[] = SIGNATURE "\x21\x11\0\x18" ADDRESSES4
                                      "\4\0\1x\3\0\4\0\0\0\0x";
    size_t length = sizeof bytes - 2, at = length - 4;
    struct proxy_header header;
    uint32_t sum;

    bytes[15] = (unsigned char)(length - 16);
    sum = checksum_of(bytes, length);
    cr_assert_eq(checksum_of((const unsigned char *)"123456789", 9), 0xe3069283);
    for (int i = 0; i < 4; i++)
        bytes[at + (size_t)i] = (unsigned char)(sum >> (24 - 8 * i));
    cr_assert_eq(proxy_header_read(bytes, length, &header), PROXY_DONE, "%s", header.why);
    for (size_t i = 8 * 16; i < 8 * length; i++) {
        if (i / 8 == at - 3)
            continue; /* then it is none */
        bytes[i / 8] ^= (unsigned char)(1 << i % 8);
        cr_expect_neq(proxy_header_read(bytes, length, &header), PROXY_DONE);
        bytes[i / 8] ^= (unsigned char)(1 << i % 8);
    }
}

Test(proxy_header, takes_headers_of_any_length)
{
    static const size_t lengths[] = { 4096, 8192, 16384, 65520, 65535 };

    for (size_t i = 0; i < COUNT(lengths); i++) {
        unsigned char bytes[PROXY_HEADER_MOST + 1] = SIGNATURE "\x21\x11";
        size_t length = lengths[i], value = length - 12 - 3;
        struct proxy_header header = { 0 };

        bytes[14] = (unsigned char)(length >> 8);
        bytes[15] = (unsigned char)length;
        memcpy(bytes + 16, ADDRESSES4, 12);
        bytes[28] = 0xe0;
        bytes[29] = (unsigned char)(value >> 8);
        bytes[30] = (unsigned char)value;
        cr_expect_eq(proxy_header_take(&header, bytes, length + 15), PROXY_MORE);
        cr_expect_eq(header.wanted, 1);
        cr_expect_eq(proxy_header_take(&header, bytes + length + 15, 2), PROXY_DONE);
        cr_expect_eq(header.length, length + 16);
        cr_expect_str_eq(text_of(&header), "192.0.2.1:1234 192.0.2.2:443");
    }
}

Test(proxy_header, takes_nothing_once_it_is_over)
{
    struct proxy_header header = { 0 };

    (void)proxy_header_take(&header, (const unsigned char *)"PROXY UNKNOWN\r\nx", 16);
    cr_expect_eq(proxy_header_take(&header, (const unsigned char *)"y", 1), PROXY_DONE);
    cr_expect_eq(header.length, 15);
    header = (struct proxy_header){ 0 };
    (void)proxy_header_take(&header, (const unsigned char *)"x", 1);
    cr_expect_eq(proxy_header_take(&header, (const unsigned char *)"P", 1),
                 PROXY_REFUSED);
    cr_expect_str_eq(header.why, not_one);
}

Test(proxy_header, begins_with_a_signature_or_a_word)
{
    static const struct {
        const char *bytes;
        size_t length;
        enum proxy_outcome outcome;
    } cases[] = {
        { "PROXY ", 6, PROXY_DONE },
        { "PROXY TCP4", 10, PROXY_DONE },
        { "PROXY", 5, PROXY_MORE },
        { "P", 1, PROXY_MORE },
        { "PROXYING", 8, PROXY_REFUSED },
        { "PUT /", 5, PROXY_REFUSED },
        { "proxy ", 6, PROXY_REFUSED },
        { "\r\n\r\n", 4, PROXY_MORE },
        { "\r\n\r\nx", 5, PROXY_REFUSED },
        { "\r\n\r\n\0\r\nQUIT", 11, PROXY_MORE },
        { "\r\n\r\n\0\r\nQUIT\n", 12, PROXY_DONE },
        { "\n", 1, PROXY_REFUSED },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect_eq(proxy_header_begins((const unsigned char *)cases[i].bytes,
                                         cases[i].length),
                     cases[i].outcome, "case %zu", i);
    }
}
