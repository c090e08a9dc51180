/* Makes TLS greetings, right ones and wrong ones, byte by byte. */
#pragma once

#include "net/client_hello.h"

#include <criterion/criterion.h>
#include <string.h>

enum { ROOM = 2 * CLIENT_HELLO_MOST };

struct bytes {
    size_t length;
    unsigned char at[ROOM];
};

static void put(struct bytes *bytes, const void *at, size_t length)
{
    cr_assert_leq(bytes->length + length, sizeof bytes->at);
    memcpy(bytes->at + bytes->length, at, length);
    bytes->length += length;
}

static void put_number(struct bytes *bytes, size_t size, size_t number)
{
    while (size--) {
        unsigned char byte = (unsigned char)(number >> 8 * size);

        put(bytes, &byte, 1);
    }
}

/* Something with its length, of `size` bytes, in front. */
static void put_part(struct bytes *bytes, size_t size, const void *at, size_t length)
{
    put_number(bytes, size, length);
    put(bytes, at, length);
}

static void put_extension(struct bytes *bytes, size_t type, const void *at, size_t length)
{
    put_number(bytes, 2, type);
    put_part(bytes, 2, at, length);
}

/* What an ordinary greeting begins with, up to its extensions. */
static void put_beginning(struct bytes *body)
{
    static const unsigned char random[32] = { 1, 2, 3 };

    put_number(body, 2, 0x0303);
    put(body, random, sizeof random);
    put_part(body, 1, random, 32);
    put_part(body, 2, "\x13\x01\x13\x02", 4);
    put_part(body, 1, "\0", 1);
}

static struct bytes message_of(const struct bytes *body)
{
    struct bytes message = { 0 };

    put_number(&message, 1, 1);
    put_part(&message, 3, body->at, body->length);
    return message;
}

static struct bytes records_of(const struct bytes *message, size_t size)
{
    struct bytes records = { 0 };

    for (size_t at = 0; at < message->length; at += size) {
        size_t left = message->length - at;

        put(&records, "\x16\x03\x01", 3);
        put_part(&records, 2, message->at + at, left < size ? left : size);
    }
    return records;
}

static struct bytes greeting_of(const struct bytes *extensions)
{
    struct bytes body = { 0 }, message;

    put_beginning(&body);
    put_part(&body, 2, extensions->at, extensions->length);
    message = message_of(&body);
    return records_of(&message, CLIENT_HELLO_MOST);
}
