/* A listening socket that nobody else listens on. Main only. */
#pragma once

struct address;
struct socket_options;

/* -1 leaves errno. */
int entry_open(const struct address *where, const struct socket_options *options,
               unsigned backlog);
