/* What origins do with a visit. */
#include "support/origin.h"

#include "support/patience.h"
#include "support/pattern.h"
#include "support/stream.h"
#include "support/wire.h"

#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    FOREVER_MS = 600000,
    LINE_SIZE = 4096,
    ANSWER_SIZE = 64,
    SIP_BYTES = 1024,
    SIP_PAUSE_US = 1000
};

static void note_end(struct visit *visit, bool was_reset)
{
    atomic_fetch_add(was_reset ? &visit->facts->resets : &visit->facts->fins, 1);
}

static ssize_t hear(struct visit *visit, char *bytes, size_t size)
{
    ssize_t got;

    do
        got = recv(visit->fd, bytes, size, 0);
    while (got == -1 && errno == EINTR);
    if (got > 0)
        atomic_fetch_add(&visit->facts->received, (unsigned long)got);
    else
        note_end(visit, got == -1);
    return got;
}

static void send_all(struct visit *visit, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(visit->fd, bytes, length, MSG_NOSIGNAL);

        if (sent == -1)
            return;
        bytes += sent;
        length -= (size_t)sent;
    }
}

void visit_say(struct visit *visit, const char *text)
{
    send_all(visit, text, strlen(text));
}

void visit_send(struct visit *visit, uint64_t bytes)
{
    struct stream stream = { .fd = visit->fd, .to_send = bytes };

    (void)stream_run(&stream, FOREVER_MS);
}

/* What the peer's kernel has not got yet would be lost with a reset. */
void visit_settle(struct visit *visit)
{
    int unsent = 1;

    while (ioctl(visit->fd, SIOCOUTQ, &unsent) == 0 && unsent > 0)
        (void)usleep(SIP_PAUSE_US);
}

void visit_reset(struct visit *visit)
{
    wire_close_with_reset(visit->fd);
    visit->fd = -1;
}

void visit_listen(struct visit *visit)
{
    char bytes[LINE_SIZE];

    while (hear(visit, bytes, sizeof bytes) > 0)
        continue;
}

/* One by one, as clients may say several at once. */
static void answer_lines(struct visit *visit, const char *answer, uint64_t most)
{
    char bytes[LINE_SIZE];
    uint64_t count = 0;
    ssize_t got;

    while (count < most && (got = hear(visit, bytes, sizeof bytes)) > 0) {
        for (ssize_t i = 0; i < got && count < most; i++) {
            if (bytes[i] != '\n')
                continue;
            atomic_fetch_add(&visit->facts->asked, 1);
            visit_say(visit, answer);
            count++;
        }
    }
}

void origin_who(struct visit *visit)
{
    char answer[ANSWER_SIZE];

    (void)snprintf(answer, sizeof answer, "%s\n", visit->plan->name);
    answer_lines(visit, answer, UINT64_MAX);
}

void origin_once(struct visit *visit)
{
    char answer[ANSWER_SIZE];

    (void)snprintf(answer, sizeof answer, "this is %s\n", visit->plan->name);
    answer_lines(visit, answer, 1);
}

void origin_echo(struct visit *visit)
{
    char bytes[PATTERN_RUN];
    ssize_t got;

    while ((got = hear(visit, bytes, sizeof bytes)) > 0)
        send_all(visit, bytes, (size_t)got);
}

void origin_silence(struct visit *visit)
{
    (void)wire_wait(visit->fd, POLLRDHUP, patience_now_ms() + FOREVER_MS);
    visit_listen(visit);
}

static void exchange(struct visit *visit, struct stream *stream)
{
    stream->fd = visit->fd;
    stream->to_receive = UINT64_MAX;
    (void)stream_run(stream, FOREVER_MS);
    atomic_fetch_add(&visit->facts->received, stream->received);
    atomic_fetch_add(&visit->facts->wrong, stream->is_wrong);
    note_end(visit, stream->end == STREAM_RESET);
}

void origin_sink(struct visit *visit)
{
    struct stream stream = { .fd = visit->fd };
    char answer[64];

    exchange(visit, &stream);
    (void)snprintf(answer, sizeof answer, "got %llu%s\n",
                   (unsigned long long)stream.received, stream.is_wrong ? " wrong" : "");
    visit_say(visit, answer);
}

void origin_late(struct visit *visit)
{
    struct stream stream = { .fd = visit->fd };

    exchange(visit, &stream);
    visit_send(visit, visit->plan->bytes);
}

void origin_early(struct visit *visit)
{
    struct stream stream = { .fd = visit->fd };

    visit_send(visit, visit->plan->bytes);
    (void)shutdown(visit->fd, SHUT_WR);
    exchange(visit, &stream);
}

void origin_mirror(struct visit *visit)
{
    struct stream stream = { .to_send = visit->plan->bytes, .finish = true };

    exchange(visit, &stream);
}

void origin_abort(struct visit *visit)
{
    visit_send(visit, visit->plan->bytes);
    visit_settle(visit);
    visit_reset(visit);
}

void origin_slow(struct visit *visit)
{
    char bytes[SIP_BYTES];

    while (hear(visit, bytes, sizeof bytes) > 0)
        (void)usleep(SIP_PAUSE_US);
}
