#include "net/tls_chain.h"

#include "base/problem.h"
#include "net/tls_certificate.h"
#include "net/tls_describe.h"

bool tls_chain_check(const struct tls_chain *chain, struct problems *problems)
{
    struct tls_report report = { .problems = problems };
    struct tls_certificate certificate;
    bool is_good = tls_certificate_read(&certificate, chain, &report);

    if (is_good)
        tls_certificate_deinit(&certificate);
    return is_good;
}

void tls_chain_write(const struct tls_chain *chain, struct buffer *out)
{
    struct tls_report report = { .problems = problems_create() };
    struct tls_certificate certificate;

    if (tls_certificate_read(&certificate, chain, &report)) {
        tls_describe(&certificate, out);
        tls_certificate_deinit(&certificate);
    }
    problems_destroy(report.problems);
}
