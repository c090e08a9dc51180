/* Reads what people write: numbers, durations, sizes, yes and no; finds near words.
 *
 * Readers return NULL when the whole text was understood, else a static sentence that
 * says what was expected. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

const char *text_read_number(const char *text, uint64_t *number);
/* "500ms" "2s" "1m" "1h" "1d"; a bare 0 needs no unit. Result in milliseconds. */
const char *text_read_duration(const char *text, uint64_t *ms);
/* "16k" "1m" "1g" are powers of 1024; a bare number is bytes. */
const char *text_read_size(const char *text, uint64_t *bytes);
/* "yes" "no" "on" "off" "true" "false". */
const char *text_read_bool(const char *text, bool *value);
/* Octal permissions, "0600". */
const char *text_read_mode(const char *text, uint64_t *mode);

/* The shortest exact spelling: 90000 is "90s", 3600000 is "1h". Returns `out`. */
char *text_of_duration(uint64_t ms, char *out, size_t size);

/* The candidate nearest to `word`, or NULL when none is close (at most a third of its
 * letters differ). The array ends with NULL. */
const char *text_nearest(const char *word, const char *const *candidates);

/* Letters, digits and . : _ - only, and not empty: names of frontends and the like. */
bool text_is_name(const char *text);

/* Cuts `text` in place at blanks into at most `most` words. Returns how many words there
 * are: more than `most` when some were left out. */
size_t text_split(char *text, char **words, size_t most);

/* Copies `text` to `out`, everything but printable ASCII as \xNN; always ends in NUL. */
char *text_escape(const char *text, size_t length, char *out, size_t size);
