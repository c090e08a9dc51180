/* Who signs certificates for the tests: files of P-256 keys and certificates, made by the
 * openssl program in a folder of their own. */
#pragma once

struct authority;

/* What is asked for. A file holds the certificate, then its key. */
struct identity {
    const char *subject; /* the common name */
    const char *names;   /* "DNS:a.test,IP:127.0.0.1"; NULL: none but the common name */
    int days;            /* from now on: -1 is expired; 0: thirty */
    const char *purpose; /* extended key usage: "clientAuth"; NULL: all */
};

struct authority *authority_create(const char *name);
/* With all files. */
void authority_remove(struct authority *authority);
/* Where more files can be put. */
const char *authority_folder(const struct authority *authority);
/* Its own certificate, for those who shall trust it. */
const char *authority_file(const struct authority *authority);
/* The path of a new file. */
const char *authority_sign(struct authority *authority, struct identity identity);
/* For one name, which is the common name too. */
const char *authority_name(struct authority *authority, const char *name);
/* What authority_sign returned; returns the file that lists all that are revoked. */
const char *authority_revoke(struct authority *authority, const char *path);
/* The list without anybody new on it. */
const char *authority_list_revoked(struct authority *authority);
/* One that was good until 2020. */
const char *authority_list_expired(struct authority *authority);
