/* Certificates shown to clients, replaced while usher runs. Main only.
 *
 * What is set waits until it is committed; sessions that are there keep what they have. A
 * reload reads the files again: what was committed is then forgotten. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct control;
struct problems;
struct tls_chain;

enum certificates_outcome {
    CERTIFICATES_DONE,
    CERTIFICATES_BEGUN,     /* by set: a transaction; */
    CERTIFICATES_SET_AGAIN, /* or other contents for it */
    CERTIFICATES_TAKEN,     /* there is one of this path */
    CERTIFICATES_UNKNOWN,   /* no frontend uses it, and it was not created */
    CERTIFICATES_NOT_SET,   /* there is no transaction, or nothing in it */
    CERTIFICATES_REFUSED,   /* problems say why */
    CERTIFICATES_IN_USE,
};

/* An empty one, which no frontend uses yet. */
enum certificates_outcome certificates_create(struct control *control, const char *path);
enum certificates_outcome certificates_set(struct control *control,
                                           const struct tls_chain *chain,
                                           struct problems *problems);
/* In all frontends that use it; there may be none. `by` says who, for the log. */
enum certificates_outcome certificates_commit(struct control *control, const char *path,
                                              const char *by, struct problems *problems);
enum certificates_outcome certificates_abort(struct control *control, const char *path);
/* Only one that no frontend uses. */
enum certificates_outcome certificates_delete(struct control *control, const char *path,
                                              const char *by);

/* Shows one that was created and committed to clients of the frontends with a folder. */
struct certificates_insertion {
    const char *folder; /* as one of a frontend's tls-cert */
    const char *path;
    const char *by;
};
/* UNKNOWN: the certificate; NOT_SET: it is empty. */
enum certificates_outcome certificates_insert(struct control *control,
                                              const struct certificates_insertion *what,
                                              struct problems *problems);
bool certificates_has_folder(const struct control *control, const char *folder);

/* All that are used or were created, or that wait to be committed, by name. The caller
 * frees the array; its texts are valid until the next change. */
const char **certificates_list(const struct control *control, bool are_waiting,
                               size_t *count);
enum certificates_state {
    CERTIFICATES_ABSENT,
    CERTIFICATES_EMPTY,
    CERTIFICATES_UNUSED,
    CERTIFICATES_USED
};
/* Writes what it is, for people. `is_waiting`: what is set, not yet committed. */
enum certificates_state certificates_describe(const struct control *control,
                                              const char *path, bool is_waiting,
                                              struct buffer *out);
