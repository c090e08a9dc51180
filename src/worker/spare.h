/* A descriptor kept in reserve, to be polite with when there is no other. Private to the
 * worker folder. */
#pragma once

struct spare {
    int fd;
};

void spare_open(struct spare *spare);
void spare_close(struct spare *spare);
