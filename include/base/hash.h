/* A documented, fixed hash, the same in every usher on every machine.
 *
 * FNV-1a with 64 bits (offset 14695981039346656037, prime 1099511628211), then the
 * finalizer of splitmix64, so that near keys land far apart. */
#pragma once

#include <stddef.h>
#include <stdint.h>

uint64_t hash_bytes(const void *bytes, size_t length);
/* The hash of a hash and a number, the points of one server on a ring: the finalizer of
 * hash + (number + 1) * 0x9e3779b97f4a7c15. */
uint64_t hash_mix(uint64_t hash, uint64_t number);
