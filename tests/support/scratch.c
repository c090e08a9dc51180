/* Temporary folders and the files in them. */
#include "support/scratch.h"

#include "support/kept.h"

#include <criterion/criterion.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPEN_FOLDERS = 8, READ_MOST = 65536 };

const char *scratch_create(void)
{
    char *folder = strdup("/tmp/usher-test-XXXXXX");

    cr_assert(folder && mkdtemp(folder), "no temporary folder");
    return kept_text(folder);
}

const char *scratch_path(const char *folder, const char *name)
{
    return kept_format("%s/%s", folder, name);
}

const char *scratch_write(const char *folder, const char *name, const char *text)
{
    const char *path = scratch_path(folder, name);
    FILE *file = fopen(path, "we");

    cr_assert(file, "cannot write %s", path);
    (void)fputs(text, file);
    cr_assert_eq(fclose(file), 0, "cannot write %s", path);
    return path;
}

const char *scratch_read(const char *path)
{
    char text[READ_MOST] = "";
    FILE *file = fopen(path, "re");

    if (!file)
        return "";
    (void)!fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    return kept_format("%s", text);
}

static int remove_one(const char *path, const struct stat *status, int kind,
                      struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    (void)remove(path);
    return 0;
}

void scratch_remove(const char *folder)
{
    if (!getenv("USHER_KEEP"))
        (void)nftw(folder, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}
