/* Command `show why`: what decides whether a server gets traffic now. Main only. */
#pragma once

struct call;

void why_show(struct call *call);
