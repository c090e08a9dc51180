#include "health/check_settings.h"

#include "health/probe.h"

#include <criterion/criterion.h>

static bool speaks(const char *kind, enum check_tls tls, bool sessions_do)
{
    struct check_settings settings = { .choice = { .kind = probe_kind_find(kind) },
                                       .tls = tls };

    return check_settings_speak_tls(&settings, sessions_do);
}

Test(check_settings, speak_tls_as_sessions_do_unless_told_otherwise)
{
    cr_expect(speaks("connect", CHECK_TLS_SAME, true));
    cr_expect_not(speaks("http", CHECK_TLS_SAME, false));
    cr_expect(speaks("http", CHECK_TLS_YES, false));
    cr_expect_not(speaks("http", CHECK_TLS_NO, true));
    cr_expect(speaks("tls", CHECK_TLS_SAME, false));
    cr_expect(speaks("tls", CHECK_TLS_NO, false));
    cr_expect_not(speaks("off", CHECK_TLS_YES, true));
}
