/* Commands that list what there is. Main only. */
#pragma once

struct call;

void lists_show_backends(struct call *call);
void lists_show_listeners(struct call *call);
void lists_show_servers_conn(struct call *call);
/* Of what HAProxy keeps and usher has not: always empty. */
void lists_show_errors(struct call *call);
void lists_show_tables(struct call *call);
