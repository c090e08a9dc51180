/* `show fd`: which descriptors are open, and where they lead. Main only. */
#pragma once

struct call;

void descriptors_show(struct call *call);
