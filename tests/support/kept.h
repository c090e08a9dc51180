/* Texts that stay until the test is over, so that nobody has to free them. */
#pragma once

const char *kept_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Takes the text. */
const char *kept_text(char *text);
/* What a file says; "" when there is none. */
const char *kept_file(const char *path);
