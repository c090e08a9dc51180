/* What TLS may be told towards clients and towards servers alike. */
#pragma once

enum tls_version { TLS_1_2, TLS_1_3 };

/* NULL texts: OpenSSL's defaults. */
struct tls_rules {
    unsigned min_version;     /* enum tls_version */
    const char *ciphers;      /* of TLS 1.2, as OpenSSL writes lists */
    const char *ciphersuites; /* of TLS 1.3 */
    const char *groups;
    const char *alpn; /* names with commas between, most wanted first; NULL: none */
};
