/* Holds on to texts: what is reachable is no leak. */
#include "support/kept.h"

#include <criterion/criterion.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct kept {
    struct kept *next;
    char *text;
};

static struct kept *all;

const char *kept_text(char *text)
{
    struct kept *kept = malloc(sizeof *kept);

    cr_assert(kept && text, "no memory for a text");
    kept->text = text;
    kept->next = all;
    all = kept;
    return text;
}

const char *kept_format(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) == -1)
        text = NULL;
    va_end(arguments);
    return kept_text(text);
}

const char *kept_file(const char *path)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "re");

    if (!file)
        return "";
    if (getdelim(&text, &size, '\0', file) == -1) {
        free(text);
        text = NULL;
    }
    (void)fclose(file);
    return text ? kept_text(text) : "";
}
