/* A folder of a test's own under /tmp. It stays when the test fails, to be looked at. */
#pragma once

const char *scratch_create(void);
const char *scratch_path(const char *folder, const char *name);
const char *scratch_write(const char *folder, const char *name, const char *text);
/* With all that is in it. */
void scratch_remove(const char *folder);
