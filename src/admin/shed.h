/* `shed BACKEND/SERVER PERCENT over DURATION`. Main only. */
#pragma once

struct call;

void shed_sessions(struct call *call);
