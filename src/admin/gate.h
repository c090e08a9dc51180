/* Commands that open and close frontends. Main only. */
#pragma once

struct call;

void gate_open(struct call *call);
void gate_close(struct call *call);
void gate_shut(struct call *call);
