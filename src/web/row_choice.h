/* Which rows a client of HTTP wants to see: HAProxy's options of its page. Pure. */
#pragma once

#include "admin/row_filter.h"

struct http_request;

struct row_filter row_choice_read(const struct http_request *request);
