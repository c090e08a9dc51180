#include "web/http_request.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(http_request);

#define HOST "Host: a\r\n\r\n"

static struct http_request request;

static bool read_text(const char *text)
{
    return http_request_read(text, strlen(text), &request);
}

Test(http_request, takes_targets_apart)
{
    static const struct {
        const char *text, *path, *options;
    } cases[] = {
        { "GET / HTTP/1.1\r\n" HOST, "/", "" },
        { "GET / HTTP/1.0\r\n\r\n", "/", "" },
        { "GET /healthz/web HTTP/1.1\n" HOST, "/healthz/web", "" },
        { "\r\n\nGET / HTTP/1.1\r\n" HOST, "/", "" },
        { "GET /;csv HTTP/1.1\r\n" HOST, "/", "csv" },
        { "GET /haproxy?stats;csv HTTP/1.1\r\n" HOST, "/haproxy", "stats;csv" },
        { "GET /%3bcsv HTTP/1.1\r\n" HOST, "/", "csv" },
        { "GET /a%2Db HTTP/1.1\r\n" HOST, "/a-b", "" },
        { "GET http://a:1/metrics?scope=server HTTP/1.1\r\n" HOST, "/metrics",
          "scope=server" },
        { "GET / HTTP/1.1\r\nhOST:a\r\nX:\t y \r\nEmpty:\r\n\r\nmore", "/", "" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cr_assert(read_text(cases[i].text), "%s", cases[i].text);
        cr_expect_eq(request.status, 0, "%s: %u", cases[i].text, request.status);
        cr_expect_str_eq(request.path, cases[i].path);
        cr_expect_str_eq(request.options, cases[i].options);
        cr_expect_not(request.is_head);
    }
}

Test(http_request, refuses_what_is_wrong)
{
    static const struct {
        const char *text;
        unsigned status;
    } cases[] = {
        { "POST / HTTP/1.1\r\n" HOST, 405 },
        { "get / HTTP/1.1\r\n" HOST, 405 },
        { "OPTIONS * HTTP/1.1\r\n" HOST, 405 },
        { "GET / HTTP/2.0\r\n" HOST, 505 },
        { "PRI * HTTP/2.0\r\n\r\n", 505 },
        { "GET /\r\n", 400 },
        { "GET  / HTTP/1.1\r\n", 400 },
        { "GET / HTTP/1.1 \r\n", 400 },
        { "GET / HTTX/1.1\r\n", 400 },
        { "GET / HTTP/1\r\n", 400 },
        { "G(T / HTTP/1.1\r\n", 400 },
        { " / HTTP/1.1\r\n", 400 },
        { "GET x HTTP/1.1\r\n", 400 },
        { "GET http://a HTTP/1.1\r\n", 400 },
        { "GET /% HTTP/1.1\r\n", 400 },
        { "GET /%2 HTTP/1.1\r\n", 400 },
        { "GET /%zz HTTP/1.1\r\n", 400 },
        { "GET /%00 HTTP/1.1\r\n", 400 },
        { "GET /%0a HTTP/1.1\r\n", 400 },
        { "GET /\xc3\xa9 HTTP/1.1\r\n", 400 },
        { "GET / HTTP/1.1\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nno colon\r\n", 400 },
        { "GET / HTTP/1.1\r\n: x\r\n", 400 },
        { "GET / HTTP/1.1\r\nX : y\r\n", 400 },
        { "GET / HTTP/1.1\r\nX: y\r\n z\r\n", 400 },
        { "GET / HTTP/1.1\r\nX: \x01\r\n", 400 },
        { "GET / HTTP/1.1\r\nX: a\rb\r\n", 400 },
        { "\x16\x03\x01", 400 },
        { "hello\n", 400 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cr_expect(read_text(cases[i].text), "%s", cases[i].text);
        cr_expect_eq(request.status, cases[i].status, "%s: %u", cases[i].text,
                     request.status);
    }
}

Test(http_request, wants_more_at_every_cut)
{
    static const char text[] = "HEAD /stats?a=b;csv HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";

    for (size_t i = 0; i < sizeof text - 1; i++)
        cr_expect_not(http_request_read(text, i, &request), "%zu", i);
    cr_expect(read_text(text));
    cr_expect(request.is_head);
    cr_expect_eq(request.status, 0);
}

/* So many letters between a beginning and an end. */
static unsigned status_of_long(const char *begin, size_t letters, const char *end)
{
    char *text = NULL;
    char *many = malloc(letters + 1);

    memset(many, 'a', letters);
    many[letters] = '\0';
    cr_assert_neq(asprintf(&text, "%s%s%s", begin, many, end), -1);
    request.status = 0;
    if (!read_text(text))
        request.status = 1;
    free(many);
    free(text);
    return request.status;
}

Test(http_request, is_bounded)
{
    static const char head[] = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    const size_t line = strlen("GET / HTTP/1.1");

    cr_expect_eq(status_of_long("GET /", HTTP_LINE_MOST - line, " HTTP/1.1\r\n" HOST), 0);
    cr_expect_eq(status_of_long("GET /", HTTP_LINE_MOST - line + 1, " HTTP/1.1\r\n"),
                 414);
    cr_expect_eq(status_of_long("GET /", HTTP_LINE_MOST, ""), 414);
    cr_expect_eq(status_of_long(head, HTTP_HEAD_MOST - strlen(head) - 4, "\r\n\r\n"), 0);
    cr_expect_eq(status_of_long(head, HTTP_HEAD_MOST - strlen(head), ""), 1);
    cr_expect_eq(status_of_long(head, HTTP_HEAD_MOST, "\r\n\r\n"), 431);
}

Test(http_request, gives_its_options_one_by_one)
{
    struct http_option option;
    size_t at = 0;

    cr_assert(read_text("GET /haproxy?stats/;csv&scope=ap=p&&no HTTP/1.1\r\n" HOST));
    cr_expect(http_request_option(&request, &at, &option));
    cr_expect_str_eq(option.name, "stats/");
    cr_expect(http_request_option(&request, &at, &option));
    cr_expect_str_eq(option.name, "csv");
    cr_expect_str_eq(option.value, "");
    cr_expect(http_request_option(&request, &at, &option));
    cr_expect_str_eq(option.name, "scope");
    cr_expect_str_eq(option.value, "ap=p");
    cr_expect(http_request_option(&request, &at, &option));
    cr_expect_str_eq(option.name, "no");
    cr_expect_not(http_request_option(&request, &at, &option));
    cr_expect(http_request_has(&request, "csv"));
    cr_expect_not(http_request_has(&request, "cs"));
}
