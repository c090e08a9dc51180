/* `show history`: the last changes of a server. Main only. */
#pragma once

struct call;

void record_show(struct call *call);
