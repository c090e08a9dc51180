#include "web/html.h"

#include "base/buffer.h"

#include <criterion/criterion.h>

static struct buffer out;

static void tear_down(void)
{
    buffer_deinit(&out);
}

TestSuite(html, .fini = tear_down);

Test(html, leaves_no_markup_in_a_text)
{
    html_text("<script>\"a\" & 'b'</script>\n\xc3\x7f", &out);
    cr_expect_str_eq(buffer_text(&out), "&lt;script&gt;&quot;a&quot; &amp; "
                                        "&#39;b&#39;&lt;/script&gt;\\x0A\\xC3\\x7F");
}

Test(html, groups_digits_by_three)
{
    static const struct {
        uint64_t count;
        const char *text;
    } cases[] = {
        { 0, "0" },
        { 999, "999" },
        { 1000, "1,000" },
        { 1234567, "1,234,567" },
        { UINT64_MAX, "18,446,744,073,709,551,615" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        buffer_clear(&out);
        html_count(cases[i].count, &out);
        cr_expect_str_eq(buffer_text(&out), cases[i].text);
    }
}

Test(html, gives_every_figure_a_unit)
{
    static const struct {
        void (*write)(uint64_t, struct buffer *);
        uint64_t number;
        const char *text;
    } cases[] = {
        { html_bytes, 0, "0 B" },
        { html_bytes, 999, "999 B" },
        { html_bytes, 1000, "1.0 kB" },
        { html_bytes, 99960, "100 kB" },
        { html_bytes, 999600, "1.0 MB" },
        { html_bytes, 12345678, "12.3 MB" },
        { html_bytes, UINT64_MAX, "18.4 EB" },
        { html_span, 0, "0 ms" },
        { html_span, 999, "999 ms" },
        { html_span, 1250, "1.25 s" },
        { html_span, 250000, "4m10s" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        buffer_clear(&out);
        cases[i].write(cases[i].number, &out);
        cr_expect_str_eq(buffer_text(&out), cases[i].text);
    }
}
