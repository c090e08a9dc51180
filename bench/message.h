/* What load and origin say to each other: an ask of a fixed size that begins with the
 * number of bytes wanted in answer. */
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_ASK_BYTES = 200 };

/* Bytes without end. */
static const uint64_t MESSAGE_ENDLESS = UINT64_MAX;

struct message {
    uint64_t wanted;
    char rest[MESSAGE_ASK_BYTES - sizeof(uint64_t)];
};

/* From IP:PORT; only IPv4, which is enough for loopback. */
static inline bool message_address(const char *text, struct sockaddr_in *address)
{
    const char *colon = strchr(text, ':');
    char ip[INET_ADDRSTRLEN] = "";

    if (!colon || (size_t)(colon - text) >= sizeof ip)
        return false;
    memcpy(ip, text, (size_t)(colon - text));
    memset(address, 0, sizeof *address);
    address->sin_family = AF_INET;
    address->sin_port = htons((uint16_t)atoi(colon + 1));
    return inet_pton(AF_INET, ip, &address->sin_addr) == 1;
}
