/* Commands that take a server, or all of a backend, out of service to its last session.
 *
 * Main only. */
#pragma once

struct call;

void emptying_begin(struct call *call);
/* Ready again: what emptying_begin wanted is not wanted any more. */
void emptying_end(struct call *call);
