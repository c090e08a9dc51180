/* What a certificate is, in lines of "Key: value", as HAProxy's dialect has them. */
#pragma once

struct buffer;
struct tls_certificate;

void tls_describe(const struct tls_certificate *certificate, struct buffer *out);
