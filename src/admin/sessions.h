/* Commands about sessions. Workers are asked, so answers come later. Main only. */
#pragma once

struct call;

void sessions_show(struct call *call);
void sessions_shut_one(struct call *call);
void sessions_shut_of_server(struct call *call);
