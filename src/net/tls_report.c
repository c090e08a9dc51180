#include "net/tls_report.h"

#include "base/buffer.h"

#include <openssl/err.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

void tls_report_file(const struct tls_report *report, const char *path,
                     const char *format, ...)
{
    struct buffer sentence = { 0 };
    va_list arguments;

    va_start(arguments, format);
    buffer_vformat(&sentence, format, arguments);
    va_end(arguments);
    problem_add_at(report->problems, report->place, "%s: %s", path,
                   buffer_text(&sentence));
    buffer_deinit(&sentence);
}

void tls_report_day(const struct tls_report *report, const char *path,
                    const char *sentence, const ASN1_TIME *day)
{
    struct tm broken_down = { 0 };
    char text[sizeof "2025-01-01"] = "?";

    if (ASN1_TIME_to_tm(day, &broken_down))
        (void)strftime(text, sizeof text, "%Y-%m-%d", &broken_down);
    problem_warn_at(report->problems, report->place, "%s: %s %s", path, sentence, text);
}

const char *tls_report_reason(void)
{
    unsigned long error = ERR_peek_last_error();
    const char *reason;

    if (ERR_SYSTEM_ERROR(error))
        reason = strerrordesc_np(ERR_GET_REASON(error));
    else
        reason = ERR_reason_error_string(error);
    ERR_clear_error();
    return reason ? reason : "OpenSSL does not say why";
}
