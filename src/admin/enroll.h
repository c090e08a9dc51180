/* `add server` and `del server`. Main only. */
#pragma once

struct call;

void enroll_add(struct call *call);
void enroll_delete(struct call *call);
