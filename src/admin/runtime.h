/* Commands about what was changed at runtime: `diff` and `save`. Main only. */
#pragma once

struct call;

void runtime_show(struct call *call);
void runtime_save(struct call *call);
