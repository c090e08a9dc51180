/* What is answered to which path: the page, the figures, the metrics, the health. Each is
 * one snapshot. Main only. */
#pragma once

struct buffer;
struct control;
struct http_request;

/* The whole answer, head and body; a request with a status is refused with it. */
void http_answer(const struct control *control, const struct http_request *request,
                 struct buffer *out);
