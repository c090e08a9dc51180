#include "judging.h"

static bool are_good[HTTP_STATUSES];
static struct check_settings settings = { .http = { .method = "GET", .path = "/" } };

static void set_up(void)
{
    settings.http.statuses.are_good = are_good;
    for (unsigned i = 200; i < 400; i++)
        are_good[i - HTTP_STATUS_LEAST] = true;
}

TestSuite(probe_http, .init = set_up);

static void expect_request(const char *host, unsigned port, const char *line)
{
    size_t length;
    const char *text = said(&probe_http, &settings, (struct question){ 0, host, port },
                            &length);

    cr_expect(strstr(text, line), "%s\nwithout\n%s", text, line);
    cr_expect_eq(length, strlen(text));
}

Test(probe_http, asks_for_a_page_and_the_end)
{
    settings.http.method = "HEAD";
    settings.http.path = "/health?full=1";
    expect_request("a.example", 80,
                   "HEAD /health?full=1 HTTP/1.1\r\nHost: a.example\r\n"
                   "User-Agent: usher\r\nAccept: */*\r\nConnection: close\r\n\r\n");
}

Test(probe_http, names_the_host_as_a_browser_would)
{
    static char connector;

    expect_request("a.example", 8080, "\r\nHost: a.example:8080\r\n");
    expect_request("2001:db8::1", 80, "\r\nHost: [2001:db8::1]\r\n");
    expect_request("2001:db8::1", 443, "\r\nHost: [2001:db8::1]:443\r\n");
    expect_request("", 0, "\r\nHost: localhost\r\n");
    settings.connector = (void *)&connector;
    expect_request("a.example", 443, "\r\nHost: a.example\r\n");
    expect_request("a.example", 80, "\r\nHost: a.example:80\r\n");
    settings.http.host = "www.example.com";
    expect_request("a.example", 8080, "\r\nHost: www.example.com\r\n");
}

Test(probe_http, says_nothing_rather_than_half_of_it)
{
    char text[20];
    struct question question = { 0, "a", 80 };

    cr_expect_eq(probe_http.ask(&settings, &question, text, sizeof text), 0);
}

Test(probe_http, goes_by_the_status)
{
    static const struct heard_case cases[] = {
        { HEARD("HTTP/1.1 200 OK\r\n"), PASSED("") },
        { HEARD("HTTP/1.0 399\n"), PASSED("") },
        { HEARD("HTTP/1.1 503 Busy\r\n"), BAD("status 503") },
        { HEARD("HTTP/1.1 404 \r\n"), .has_ended = true, BAD("status 404") },
        { HEARD("HTTP/1.1 200"), PENDING },
        { HEARD("HTTP/1.1 099 Odd\r\n"), WRONG("no status of HTTP") },
        { HEARD("HTTP/1.1 600 Odd\r\n"), WRONG("no status of HTTP") },
        { HEARD("HTTP/1.1\n"), WRONG("not an answer of HTTP/1") },
        { HEARD("HTTP/1.1 2000 OK\r\n"), WRONG("not an answer of HTTP/1") },
        { HEARD("HTTP/1.1 200\0OK\r\n"), WRONG("not an answer of HTTP/1") },
        { HEARD("HTTP/1.1  200 OK\r\n"), WRONG("not an answer of HTTP/1") },
        { HEARD("HTTP/2.0 200 OK\r\n"), WRONG("not an answer of HTTP/1") },
        { HEARD("http/1.1 200 OK\r\n"), WRONG("not an answer of HTTP/1") },
        { HEARD("SSH-2.0-OpenSSH\r\n"), WRONG("not an answer of HTTP/1") },
    };

    expect_cases(&probe_http, &settings, cases);
}

Test(probe_http, looks_for_the_text_in_the_body_alone)
{
    static const struct heard_case cases[] = {
        { HEARD("HTTP/1.1 200 OK\r\n\r\nall is well now"), PASSED("") },
        { HEARD("HTTP/1.1 200 OK\nA: b\n\n\0is well"), PASSED("") },
        { HEARD("HTTP/1.1 200 OK\r\nX: is well\r\n\r\nno"), PENDING },
        { HEARD("HTTP/1.1 200 OK\r\nX: is well\r\n\r\nno"), .has_ended = true,
          BAD("body without \"is well\"") },
        { HEARD("HTTP/1.1 200 OK\r\n\r\n"), .has_ended = true,
          BAD("body without \"is well\"") },
        { HEARD("HTTP/1.1 200 OK\r\nX: is"), 0, true, PENDING },
        { HEARD("HTTP/1.1 500 Oh\r\n\r\nis well"), BAD("status 500") },
    };

    settings.http.body = "is well";
    expect_cases(&probe_http, &settings, cases);
}

Test(probe_http, looks_no_further_than_what_is_kept)
{
    struct answer answer = { .bytes = "HTTP/1.1 200 OK\r\n\r\nno", .length = 21 };

    settings.http.body = "is well";
    cr_expect_eq(probe_http.judge(&settings, &answer).outcome, OUTCOME_PENDING);
    answer.is_full = true;
    cr_expect_eq(probe_http.judge(&settings, &answer).outcome, OUTCOME_FAILED);
}

Test(probe_http, tells_the_status)
{
    struct answer answer = { .bytes = "HTTP/1.1 503 Busy\r\n", .length = 19 };

    cr_expect_eq(probe_http.judge(&settings, &answer).status, 503);
    answer.bytes = "HTTP/1.1 204 Good\r\n";
    cr_expect_eq(probe_http.judge(&settings, &answer).status, 204);
}
