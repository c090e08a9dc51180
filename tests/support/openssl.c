/* s_client, which writes the answer into the middle of facts and complaints. */
#include "support/openssl.h"

#include "support/kept.h"

#include <criterion/criterion.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct spawned openssl_ask(const char *address, const char *options, ...)
{
    char *text = NULL;
    va_list arguments;

    va_start(arguments, options);
    cr_assert_neq(vasprintf(&text, options, arguments), -1, "no memory");
    va_end(arguments);
    return spawn_line_with("who\n", "openssl s_client -ign_eof -connect %s %s", address,
                           kept_text(text));
}

bool openssl_heard(const struct spawned *spawned, const char *name)
{
    return strstr(spawned->out, kept_format("this is %s\n", name));
}

bool openssl_wrote(const struct spawned *spawned, const char *text)
{
    return strstr(spawned->out, text) || strstr(spawned->err, text);
}
