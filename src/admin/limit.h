/* Commands that set how many, and how fast. Main only. */
#pragma once

struct call;

void limit_frontend(struct call *call);
void limit_program(struct call *call);
void limit_rate(struct call *call);
void limit_server(struct call *call);
