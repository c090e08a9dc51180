/* Writes sections as an annotated configuration that can be read again. */
#pragma once

struct buffer;
struct key;
struct section_row;

/* The comment on top: how the file is written. */
void sample_write_introduction(struct buffer *out);
void sample_write_section(const struct section_row *row, struct buffer *out);

/* What there is to know of a key beside its help: "number, 1 to 9; initially 3". */
void sample_describe(const struct key *key, struct buffer *out);
void sample_describe_option(const struct key *option, struct buffer *out);
