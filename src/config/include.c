/* A folder is read in the order of its names, whatever the locale and the file system. */
#include "config/include.h"

#include "base/arena.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *include_path(struct arena *arena, const char *from, const char *path)
{
    const char *slash = strrchr(from, '/');

    if (*path == '/' || !slash)
        return path;
    return arena_format(arena, "%.*s/%s", (int)(slash - from), from, path);
}

static int is_configuration(const struct dirent *file)
{
    const char *dot = strrchr(file->d_name, '.');

    return *file->d_name != '.' && dot && !strcmp(dot, ".ini");
}

static int order_names(const struct dirent **one, const struct dirent **other)
{
    return strcmp((*one)->d_name, (*other)->d_name);
}

static const char **list_folder(struct arena *arena, const char *path)
{
    struct dirent **found;
    int count = scandir(path, &found, is_configuration, order_names);
    const char **files;

    if (count == -1)
        return NULL;
    files = arena_new(arena, ((size_t)count + 1) * sizeof *files);
    for (int i = 0; i < count; i++) {
        files[i] = arena_format(arena, "%s/%s", path, found[i]->d_name);
        free(found[i]);
    }
    free(found);
    return files;
}

const char **include_files(struct arena *arena, const char *path)
{
    struct stat status;
    const char **files;

    if (stat(path, &status) != -1 && S_ISDIR(status.st_mode))
        return list_folder(arena, path);
    files = arena_new(arena, 2 * sizeof *files);
    files[0] = path;
    return files;
}
