/* `wait`: the answer comes after a time, or once something is true. Main only. */
#pragma once

struct call;

void patience_wait(struct call *call);
