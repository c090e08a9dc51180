/* The files that `include = PATH` stands for. Main only. */
#pragma once

struct arena;

/* A relative path starts at the folder of the file that includes. */
const char *include_path(struct arena *arena, const char *from, const char *path);

/* The file itself, or the *.ini files of a folder by their alphabet; ended by NULL. NULL,
 * with errno, for a folder that cannot be read. */
const char **include_files(struct arena *arena, const char *path);
