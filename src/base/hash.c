/* Which server a client belongs to hangs on these numbers: changing them moves every
 * client of every usher, so they never change. */
#include "base/hash.h"

static const uint64_t fnv_offset = 14695981039346656037u;
static const uint64_t fnv_prime = 1099511628211u;
static const uint64_t golden = 0x9e3779b97f4a7c15;

static uint64_t finalize(uint64_t hash)
{
    hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
    return hash ^ (hash >> 31);
}

uint64_t hash_bytes(const void *bytes, size_t length)
{
    const unsigned char *byte = bytes;
    uint64_t hash = fnv_offset;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ byte[i]) * fnv_prime;
    return finalize(hash);
}

uint64_t hash_mix(uint64_t hash, uint64_t number)
{
    return finalize(hash + (number + 1) * golden);
}
