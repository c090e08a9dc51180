/* Puts what a section says into a struct, by the rows of its keys. Main only. */
#pragma once

struct arena;
struct problems;
struct section;
struct section_row;

struct fill {
    const struct section_row *row;
    const struct section *section;
    void *object; /* already as its keys start */
    struct arena *arena;
    struct problems *problems;
};

void fill_section(const struct fill *fill);
/* [defaults]: one section for two objects. A key that both know goes into both. */
void fill_defaults(const struct fill fills[2]);
