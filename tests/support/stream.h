/* Sends and checks the pattern over one socket, both ways at once, with a deadline. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum stream_end { STREAM_OPEN, STREAM_FIN, STREAM_RESET };

struct stream {
    int fd;
    uint64_t to_send;    /* bytes of the pattern */
    bool finish;         /* then a FIN */
    uint64_t to_receive; /* stop reading after so many; UINT64_MAX: until the end */
    size_t at_once;      /* bytes per read and write; 0: many */

    uint64_t sent, received;
    bool is_finished;
    bool is_wrong;       /* something else than the pattern came */
    enum stream_end end; /* what the peer did */
};

/* Until everything is sent, and received or ended. False when time runs out first; may be
 * called again. */
bool stream_run(struct stream *stream, uint64_t ms);
/* "FIN", "RST", "nothing" */
const char *stream_end_name(enum stream_end end);
