/* usher(8), from the tables of options, signals, commands and endings. */
#pragma once

struct buffer;
struct option_row;

void manual_write(const struct option_row *options, struct buffer *out);
