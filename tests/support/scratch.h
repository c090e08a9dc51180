/* A folder of a test's own under /tmp. It stays when the test fails, to be looked at. */
#pragma once

const char *scratch_create(void);
const char *scratch_path(const char *folder, const char *name);
const char *scratch_write(const char *folder, const char *name, const char *text);
/* The beginning of a file, kept; "" when there is none. */
const char *scratch_read(const char *path);
/* With all that is in it. */
void scratch_remove(const char *folder);
