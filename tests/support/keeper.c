/* Packets: a length of four bytes, then numbers and texts in network order. */
#include "support/keeper.h"

#include "support/patience.h"
#include "support/wire.h"

#include <endian.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PACKET_MOST = 512 };
enum { ASK_CREATE = 1, ASK_EXISTS = 3, ASK_PING = 11, XID = 1, PING_XID = -2 };
enum { ALL_RIGHTS = 31, EPHEMERAL = 1 };

struct packet {
    unsigned char bytes[PACKET_MOST];
    size_t length, at; /* after its own length */
};

static void put(struct packet *packet, const void *bytes, size_t size)
{
    cr_assert_leq(packet->length + size, PACKET_MOST);
    memcpy(packet->bytes + packet->length, bytes, size);
    packet->length += size;
}

static void put_int(struct packet *packet, int32_t number)
{
    uint32_t big = htobe32((uint32_t)number);

    put(packet, &big, sizeof big);
}

static void put_long(struct packet *packet, int64_t number)
{
    uint64_t big = htobe64((uint64_t)number);

    put(packet, &big, sizeof big);
}

static void put_text(struct packet *packet, const char *text)
{
    put_int(packet, (int32_t)strlen(text));
    put(packet, text, strlen(text));
}

static void take(struct packet *packet, void *bytes, size_t size)
{
    memset(bytes, 0, size);
    if (packet->at + size > packet->length)
        return;
    memcpy(bytes, packet->bytes + packet->at, size);
    packet->at += size;
}

static int32_t take_int(struct packet *packet)
{
    uint32_t big;

    take(packet, &big, sizeof big);
    return (int32_t)be32toh(big);
}

static int64_t take_long(struct packet *packet)
{
    uint64_t big;

    take(packet, &big, sizeof big);
    return (int64_t)be64toh(big);
}

static bool send_packet(int fd, const struct packet *packet)
{
    struct packet framed = { .length = 0 };

    put_int(&framed, (int32_t)packet->length);
    put(&framed, packet->bytes, packet->length);
    return send(fd, framed.bytes, framed.length, MSG_NOSIGNAL) == (ssize_t)framed.length;
}

static bool read_all(int fd, void *bytes, size_t size, uint64_t until)
{
    unsigned char *to = bytes;

    while (size) {
        ssize_t got = wire_wait(fd, POLLIN, until) ? recv(fd, to, size, 0) : 0;

        if (got <= 0)
            return false;
        to += got;
        size -= (size_t)got;
    }
    return true;
}

static bool read_packet(int fd, struct packet *packet, uint64_t until)
{
    uint32_t length;

    *packet = (struct packet){ .at = 0 };
    if (!read_all(fd, &length, sizeof length, until))
        return false;
    packet->length = be32toh(length);
    return packet->length <= PACKET_MOST &&
           read_all(fd, packet->bytes, packet->length, until);
}

struct keeper keeper_new(uint32_t timeout_ms)
{
    return (struct keeper){ .fd = -1, .timeout_ms = timeout_ms };
}

void keeper_disconnect(struct keeper *keeper)
{
    if (keeper->fd != -1)
        (void)close(keeper->fd);
    keeper->fd = -1;
}

static bool introduce(const struct keeper *keeper)
{
    struct packet packet = { .length = 0 };

    put_int(&packet, 0);  /* the protocol */
    put_long(&packet, 0); /* the last change seen */
    put_int(&packet, (int32_t)keeper->timeout_ms);
    put_long(&packet, keeper->session);
    put_int(&packet, KEEPER_PASSWORD);
    put(&packet, keeper->password, KEEPER_PASSWORD);
    put(&packet, "", 1); /* a member that only reads is not enough */
    return send_packet(keeper->fd, &packet);
}

static bool is_welcome(struct keeper *keeper, uint64_t until)
{
    struct packet packet;

    if (!read_packet(keeper->fd, &packet, until))
        return false;
    (void)take_int(&packet);
    keeper->timeout_ms = (uint32_t)take_int(&packet);
    keeper->session = take_long(&packet);
    (void)take_int(&packet);
    take(&packet, keeper->password, KEEPER_PASSWORD);
    return keeper->session != 0;
}

bool keeper_connect(struct keeper *keeper, const char *address, uint64_t ms)
{
    uint64_t until = patience_now_ms() + ms;

    keeper_disconnect(keeper);
    keeper->fd = wire_connect(address, ms);
    if (keeper->fd != -1 && introduce(keeper) && is_welcome(keeper, until))
        return true;
    keeper_disconnect(keeper);
    return false;
}

/* Sends a request and hears its answer. False when there is none, or an error in it. */
static bool ask(struct keeper *keeper, const struct packet *request, int32_t xid,
                uint64_t ms)
{
    uint64_t until = patience_now_ms() + ms;
    struct packet answer;

    if (keeper->fd == -1 || !send_packet(keeper->fd, request))
        return false;
    do {
        if (!read_packet(keeper->fd, &answer, until))
            return false;
    } while (take_int(&answer) != xid);
    (void)take_long(&answer); /* the last change */
    return take_int(&answer) == 0;
}

bool keeper_ping(struct keeper *keeper, uint64_t ms)
{
    struct packet packet = { .length = 0 };

    put_int(&packet, PING_XID);
    put_int(&packet, ASK_PING);
    return ask(keeper, &packet, PING_XID, ms);
}

bool keeper_create(struct keeper *keeper, const char *path, uint64_t ms)
{
    struct packet packet = { .length = 0 };

    put_int(&packet, XID);
    put_int(&packet, ASK_CREATE);
    put_text(&packet, path);
    put_text(&packet, "");
    put_int(&packet, 1); /* one access rule: anybody may do anything */
    put_int(&packet, ALL_RIGHTS);
    put_text(&packet, "world");
    put_text(&packet, "anyone");
    put_int(&packet, EPHEMERAL);
    return ask(keeper, &packet, XID, ms);
}

bool keeper_finds(struct keeper *keeper, const char *path, uint64_t ms)
{
    struct packet packet = { .length = 0 };

    put_int(&packet, XID);
    put_int(&packet, ASK_EXISTS);
    put_text(&packet, path);
    put(&packet, "", 1); /* no watch */
    return ask(keeper, &packet, XID, ms);
}
