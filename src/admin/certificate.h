/* Commands about the certificates that clients are shown. Main only. */
#pragma once

struct call;

void certificate_show(struct call *call);
void certificate_create(struct call *call);
void certificate_set(struct call *call);
void certificate_commit(struct call *call);
void certificate_abort(struct call *call);
void certificate_delete(struct call *call);
void certificate_insert(struct call *call);
