/* One request of HTTP/1.1; the status counts, and a text of the body if one is wanted. */
#include "health/check_settings.h"
#include "health/probe_kind.h"
#include "health/verdict.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { PORT_PLAIN = 80, PORT_TLS = 443 };

/* "example.com", "example.com:8080", "[2001:db8::1]:8080"; or what the file says. */
static void write_host(const struct check_settings *settings,
                       const struct question *question, char *text, size_t size)
{
    const char *host = *question->host ? question->host : "localhost";
    bool is_ip6 = strchr(host, ':');
    unsigned usual = settings->connector ? PORT_TLS : PORT_PLAIN;
    int length;

    if (settings->http.host) {
        (void)snprintf(text, size, "%s", settings->http.host);
        return;
    }
    length = snprintf(text, size, "%s%s%s", is_ip6 ? "[" : "", host, is_ip6 ? "]" : "");
    if (question->port && question->port != usual && (size_t)length < size)
        (void)snprintf(text + length, size - (size_t)length, ":%u", question->port);
}

static size_t say_request(const struct check_settings *settings,
                          const struct question *question, char *text, size_t size)
{
    char host[300];
    int length;

    write_host(settings, question, host, sizeof host);
    length = snprintf(text, size,
                      "%s %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: usher\r\n"
                      "Accept: */*\r\nConnection: close\r\n\r\n",
                      settings->http.method, settings->http.path, host);
    return length > 0 && (size_t)length < size ? (size_t)length : 0;
}

/* "HTTP/1.1 200", as far as it came; `#` is a digit. */
static bool is_status_line(const char *line, size_t length)
{
    static const char shape[] = "HTTP/1.# ###";

    for (size_t i = 0; i < length && i < strlen(shape); i++)
        if (shape[i] == '#' ? !isdigit((unsigned char)line[i]) : line[i] != shape[i])
            return false;
    return length <= strlen(shape) ||
           (line[strlen(shape)] && strchr(" \r\n", line[strlen(shape)]));
}

/* Of a whole status line; 0: none that there is. */
static unsigned read_status(const char *line, size_t length)
{
    const char *digits = line + strlen("HTTP/1.1 ");
    unsigned status;

    if (length < strlen("HTTP/1.1 200"))
        return 0;
    status = (unsigned)((digits[0] - '0') * 100 + (digits[1] - '0') * 10 + digits[2]) -
             '0';
    return status >= HTTP_STATUS_LEAST && status <= HTTP_STATUS_MOST ? status : 0;
}

/* Behind the empty line; NULL while it has not come. */
static const char *find_body(const struct answer *answer)
{
    const char *end = answer->bytes + answer->length, *line = answer->bytes;

    while ((line = memchr(line, '\n', (size_t)(end - line)))) {
        line++;
        if (end - line >= 1 && *line == '\n')
            return line + 1;
        if (end - line >= 2 && line[0] == '\r' && line[1] == '\n')
            return line + 2;
    }
    return NULL;
}

static struct verdict judge_body(const struct answer *answer, const char *wanted)
{
    const char *body = find_body(answer);

    if (body && memmem(body, answer->length - (size_t)(body - answer->bytes), wanted,
                       strlen(wanted)))
        return verdict_passed("");
    if (body && (answer->has_ended || answer->is_full))
        return verdict_failed(RESULT_ANSWER_BAD, "body without \"%s\"", wanted);
    return verdict_pending();
}

static struct verdict judge_status(const struct check_settings *settings,
                                   const struct answer *answer, unsigned status)
{
    const struct http_settings *http = &settings->http;
    struct verdict verdict = verdict_passed("");

    if (!http->statuses.are_good[status - HTTP_STATUS_LEAST])
        verdict = verdict_failed(RESULT_ANSWER_BAD, "status %u", status);
    else if (http->body)
        verdict = judge_body(answer, http->body);
    verdict.status = status;
    return verdict;
}

static struct verdict judge_answer(const struct check_settings *settings,
                                   const struct answer *answer)
{
    const char *end = memchr(answer->bytes, '\n', answer->length);
    unsigned status;

    if (!is_status_line(answer->bytes, answer->length))
        return verdict_failed(RESULT_ANSWER_WRONG, "not an answer of HTTP/1");
    if (!end)
        return verdict_pending();
    status = read_status(answer->bytes, (size_t)(end - answer->bytes));
    if (!status)
        return verdict_failed(RESULT_ANSWER_WRONG, "no status of HTTP");
    return judge_status(settings, answer, status);
}

const struct probe_kind probe_http = {
    .name = "http",
    .ask = say_request,
    .judge = judge_answer,
};
