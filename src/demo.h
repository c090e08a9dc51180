/* The demo: an embedded configuration, and three small servers to go with it. */
#pragma once

struct demo;

/* The text of conf/demo.ini. */
const char *demo_text(void);

/* Starts the servers in processes of their own and prints what to try. NULL, with a
 * sentence on standard error, when that is not possible. Before any thread. */
struct demo *demo_begin(void);
/* Ends the servers. */
void demo_end(struct demo *demo);
