/* A server that shakes hands, and shows the certificate that is wanted of it, is well. */
#include "health/probe_kind.h"

const struct probe_kind probe_tls = { .name = "tls", .needs_tls = true };
