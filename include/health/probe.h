/* One asking over one connection, and its verdict. Main only. */
#pragma once

#include "health/result.h"

#include <stdint.h>

struct address;
struct check_settings;
struct ev_loop;
struct probe_kind;

/* NULL for none of that name. */
const struct probe_kind *probe_kind_find(const char *name);
const char *probe_kind_name(const struct probe_kind *kind);
/* All names, ended by NULL. */
const char *const *probe_kind_names(void);

struct probe;

/* Called once, never before probe_begin has returned; the probe is gone afterwards. */
typedef void probe_ended(void *owner, const struct verdict *verdict, uint64_t took_ms);

struct probe_request {
    const struct check_settings *settings; /* borrowed until the end */
    const char *host;                      /* for TLS; copied, as the address */
    const char *backend, *server;          /* names, for programs; copied */
    unsigned worker;                       /* main's number, for TLS */
    const struct address *source;  /* to come from; NULL: the system chooses; copied */
    const struct address *address; /* copied */
    probe_ended *on_end;
    void *owner;
};

struct probe *probe_begin(struct ev_loop *loop, const struct probe_request *request);
/* Without a verdict. NULL is fine. */
void probe_cancel(struct probe *probe);
