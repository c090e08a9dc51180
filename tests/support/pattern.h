/* An endless stream of bytes that nobody can lose, add or swap any of unnoticed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PATTERN_RUN = 64 * 1024 };

/* PATTERN_RUN bytes of it, from this offset on. */
const unsigned char *pattern_at(uint64_t offset);
/* True when these are the bytes from that offset on. */
bool pattern_matches(uint64_t offset, const unsigned char *bytes, size_t length);
