/* One key: its type, where its value goes, its limits, what it starts as. Main only.
 *
 * Keys stand in tables that end with a row without a name, which may lead to more. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buffer;
struct item;

/* The name says what is written; what it is kept in stands behind it. */
enum key_type {
    KEY_NUMBER,        /* uint64_t or unsigned */
    KEY_AUTO,          /* a number or `auto`: uint64_t, 0 for auto */
    KEY_DURATION,      /* uint64_t, milliseconds */
    KEY_AUTO_DURATION, /* a duration or `auto`, which is 0 */
    KEY_MODE,          /* mode_t */
    KEY_FLAG,          /* bool; an option without a value */
    KEY_BOOL,          /* bool; yes or no */
    KEY_WORD,          /* unsigned: which of `words` */
    KEY_NAME,          /* const char *, as all up to KEY_LOG */
    KEY_PATH,
    KEY_TEXT,
    KEY_HOST,
    KEY_PROTOCOLS,
    KEY_ADDRESS, /* read further by its item */
    KEY_USER,
    KEY_GROUP,
    KEY_PARSED, /* a struct that begins with it; `parse` fills in the rest */
    KEY_LOG,
    KEY_BALANCER, /* const struct balancer * */
    KEY_PROBE,    /* struct check_choice: its word */
    KEY_LIST,     /* pointer to an array of items, one for each line */
    KEY_TYPES,
};

struct key {
    const char *name;
    enum key_type type;
    bool fixed; /* cannot change without a restart */
    bool required;
    bool own;            /* not for [defaults] */
    bool of_server_tls;  /* of use only where sessions or checks speak TLS with servers */
    size_t offset, size; /* of the field in its struct: FIELD */
    const char *initial; /* as it would be written; NULL: not set */
    const char *least, *most;
    const char *needs[2]; /* keys of its section, without which it has no use */
    const char *of_check; /* the kind of check that heeds it; NULL: any, or none */
    /* Of a KEY_PARSED: NULL, or a sentence that says what is wrong. */
    const char *(*parse)(void *field, struct arena *arena);
    const char *form;         /* how one is written */
    const struct key *more;   /* of a row without a name: where the table goes on */
    const char *const *words; /* ended by NULL */
    const struct item *item;  /* what a line of a list says */
    /* An option for some items only, and for which. */
    bool (*applies)(const void *item);
    const char *applies_to;
    const char *help;
    const char *samples[3]; /* values for `usher --keys` where there is no initial one */
};

#define FIELD(type, member)                                                              \
    .offset = offsetof(struct type, member), .size = sizeof(((struct type *)0)->member)

/* The row behind this one; it may be without a name, the last. */
const struct key *key_next(const struct key *key);

/* Reads a text, which must live as long as the object, into the object's field. NULL, or
 * a sentence that says what was expected, in the arena. */
const char *key_read(const struct key *key, const char *text, void *object,
                     struct arena *arena);
/* Is there anything but `no`, nothing or an empty list? */
bool key_is_set(const struct key *key, const void *object);
/* The value as it would be written; "none" for what is not set. */
void key_write(const struct key *key, const void *object, struct buffer *out);
/* Gives all fields of the table what they start as. */
void key_set_initials(const struct key *keys, void *object, struct arena *arena);

/* What may be written: "number, 1 to 100". */
void key_describe(const struct key *key, struct buffer *out);

/* NULL for none of that name; for one close to it. */
const struct key *key_find(const struct key *keys, const char *name);
const struct key *key_nearest(const struct key *keys, const char *name);

/* NULL for a good name of a frontend, backend or server; else a sentence. */
const char *key_check_name(const char *text);
