/* Where to say what is wrong with the files of a TLS context. */
#pragma once

#include "base/problem.h"

#include <openssl/asn1.h>

struct tls_report {
    struct place place;
    struct problems *problems;
};

/* A problem about a file: "PATH: " and the sentence. */
void tls_report_file(const struct tls_report *report, const char *path,
                     const char *format, ...) __attribute__((format(printf, 3, 4)));
/* A warning about a file: "PATH: " and the sentence, which the day ends. */
void tls_report_day(const struct tls_report *report, const char *path,
                    const char *sentence, const ASN1_TIME *day);
/* What OpenSSL says went wrong last; forgets it. Static. */
const char *tls_report_reason(void);
