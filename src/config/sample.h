/* Writes sections as an annotated configuration that can be read again. */
#pragma once

struct buffer;
struct section_row;

/* The comment on top: how the file is written. */
void sample_write_introduction(struct buffer *out);
void sample_write_section(const struct section_row *row, struct buffer *out);
