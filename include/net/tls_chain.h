/* A certificate with its chain and its key as a text in PEM, which stands for a file.
 *
 * Main only. */
#pragma once

#include <stdbool.h>

struct buffer;
struct problems;

/* Texts are borrowed. */
struct tls_chain {
    const char *path; /* of the file, or what would be its name */
    const char *pem;  /* NULL: read the file */
};

/* Would it do as a file does? The key may still lie in PATH.key. False, with problems
 * that begin with the path. */
bool tls_chain_check(const struct tls_chain *chain, struct problems *problems);
/* What it is, for people, a line each: serial number, dates, names, issuers. */
void tls_chain_write(const struct tls_chain *chain, struct buffer *out);
