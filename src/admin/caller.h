/* Who is at the other end of an admin connection, for the log. */
#pragma once

enum { CALLER_SIZE = 80 };

/* "uid=0 pid=123", or "address=127.0.0.1:5001" of one who came by TCP. */
void caller_name(int fd, char by[CALLER_SIZE]);
