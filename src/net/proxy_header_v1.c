/* The line of version 1. It has no length in front, so while it lasts `wanted` is what
 * any line that begins so must still have. */
#include "net/proxy_header_version.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <string.h>

enum { FIELDS = 4, PREFIX = sizeof "PROXY " - 1, PORT_MOST = 5 };

/* Those with shorter lines come first. */
static const struct form {
    const char *begin;
    int family;
    size_t least; /* length of a whole line */
} forms[] = {
    { "PROXY UNKNOWN\r", AF_UNSPEC, sizeof "PROXY UNKNOWN\r\n" - 1 },
    { "PROXY UNKNOWN ", AF_UNSPEC, sizeof "PROXY UNKNOWN \r\n" - 1 },
    { "PROXY TCP6 ", AF_INET6, sizeof "PROXY TCP6 :: :: 0 0\r\n" - 1 },
    { "PROXY TCP4 ", AF_INET, sizeof "PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n" - 1 },
};

/* The shortest end of a line, by the blanks seen between its fields. */
static const size_t least_behind[FIELDS] = {
    sizeof " :: 0 0\r\n" - 1,
    sizeof " 0 0\r\n" - 1,
    sizeof " 0\r\n" - 1,
    sizeof "\r\n" - 1,
};

static const char unended[] = "the line does not end within 107 bytes";

/* The first form that the line may become; NULL when there is none. */
static const struct form *find_form(const unsigned char *line, size_t length)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t common = strlen(forms[i].begin);

        if (!memcmp(line, forms[i].begin, length < common ? length : common))
            return &forms[i];
    }
    return NULL;
}

static const char *read_port(const char *text, uint16_t *port)
{
    uint64_t number;

    if (text_read_number(text, &number) || number > UINT16_MAX)
        return "a port is not a number from 0 to 65535";
    if (*text == '0' && text[1])
        return "a port begins with a zero";
    *port = (uint16_t)number;
    return NULL;
}

static const char *read_fields(struct proxy_header *header, int family,
                               char *const fields[FIELDS])
{
    unsigned char source[16], destination[16];
    uint16_t from, to;
    const char *why;

    if (inet_pton(family, fields[0], source) != 1 ||
        inet_pton(family, fields[1], destination) != 1)
        return "an address is malformed or not of the family announced";
    why = read_port(fields[2], &from);
    if (!why)
        why = read_port(fields[3], &to);
    if (why)
        return why;
    header->source = proxy_header_address(family, source, from);
    header->destination = proxy_header_address(family, destination, to);
    header->has_addresses = true;
    return NULL;
}

/* The line is whole; an empty field makes two neighbouring blanks. */
static const char *read_line(struct proxy_header *header, const struct form *form)
{
    char text[PROXY_HEADER_V1_MOST], *rest = text, *fields[FIELDS];
    size_t start = strlen(form->begin), length;

    header->wanted = 0;
    if (form->family == AF_UNSPEC)
        return NULL;
    length = header->length - start - 2;
    memcpy(text, header->reading.kept + start, length);
    text[length] = '\0';
    for (size_t i = 0; i < FIELDS; i++) {
        fields[i] = strsep(&rest, " ");
        if (!fields[i])
            return "a field is missing";
        if (!*fields[i])
            return "a field is empty: blanks stand alone";
    }
    return read_fields(header, form->family, fields);
}

/* A byte between the fields' beginning and the end of the line. */
static const char *take_field(struct proxy_header *header, const struct form *form)
{
    const unsigned char *line = header->reading.kept;
    size_t blanks = 0;

    for (size_t i = strlen(form->begin); i < header->length; i++)
        blanks += line[i] == ' ';
    if (!line[header->length - 1] ||
        !strchr("0123456789abcdefABCDEF:. ", line[header->length - 1]))
        return "a field has a byte of neither addresses nor ports";
    if (blanks >= FIELDS)
        return "there is more than four fields";
    if (header->wanted < least_behind[blanks])
        header->wanted = least_behind[blanks];
    return NULL;
}

static const char *take_end(struct proxy_header *header, const struct form *form)
{
    const unsigned char *end = header->reading.kept + header->length - 2;

    if (end[0] == '\r' && end[1] == '\n')
        return read_line(header, form);
    if (end[0] == '\r' || end[1] == '\n')
        return "CR and LF stand apart";
    if (header->length == PROXY_HEADER_V1_MOST)
        return unended;
    header->wanted = 1;
    return NULL;
}

const char *proxy_header_v1_take(struct proxy_header *header)
{
    const unsigned char *line = header->reading.kept;
    size_t length = header->length;
    const struct form *form = find_form(line, length);

    if (!form && length <= PREFIX)
        return "it is not a PROXY header";
    if (!form)
        return "the protocol is not TCP4, TCP6 or UNKNOWN";
    header->wanted = form->least > length + 2 ? form->least - length : 2;
    if (length < strlen(form->begin))
        return NULL;
    if (line[length - 1] == '\r' || line[length - 1] == '\n' || line[length - 2] == '\r')
        return take_end(header, form);
    if (length == PROXY_HEADER_V1_MOST)
        return unended;
    if (length > strlen(form->begin) && form->family != AF_UNSPEC)
        return take_field(header, form);
    return NULL;
}
