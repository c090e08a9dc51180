/* Commands about who may come in. Main only. */
#pragma once

struct call;

void permit_add(struct call *call);
void permit_remove(struct call *call);
void permit_show(struct call *call);
