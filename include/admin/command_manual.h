/* The commands of the admin socket, as entries of a manual page. */
#pragma once

struct buffer;

void command_manual_write(struct buffer *out);
