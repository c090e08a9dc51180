/* What the keys of checks say beyond words and numbers, and which probe a check is.
 *
 * Readers fill in a struct that begins with its text; NULL, or a sentence that says what
 * is wrong. */
#pragma once

struct arena;
struct backend_rules;
struct check_settings;
struct document;
struct problems;
struct section;

const char *checking_read_address(void *object, struct arena *arena);
const char *checking_read_statuses(void *object, struct arena *arena);
/* Of struct check_step, the whole line. */
const char *checking_read_step(void *object, struct arena *arena);

/* The [check NAME] that a backend's section, or what it starts as, names; NULL: none. */
const struct section *checking_named(const struct document *document,
                                     const struct section *backend,
                                     const struct check_settings *initial);
/* Finds the kind that `word` means; reports what makes no sense for it at the lines of
 * the section. */
void checking_resolve(const struct section *section, struct backend_rules *rules,
                      const char *word, struct problems *problems);
