/* One poll loop for clients and origins alike. */
#include "support/stream.h"

#include "support/patience.h"
#include "support/pattern.h"
#include "support/wire.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

static size_t room(const struct stream *stream, uint64_t left)
{
    uint64_t most = stream->at_once ? stream->at_once : PATTERN_RUN;

    return (size_t)(left < most ? left : most);
}

static void note_error(struct stream *stream)
{
    if (errno != EAGAIN && errno != EINTR)
        stream->end = STREAM_RESET;
}

static bool is_sending(const struct stream *stream)
{
    return stream->sent < stream->to_send || (stream->finish && !stream->is_finished);
}

static bool is_receiving(const struct stream *stream)
{
    return stream->end == STREAM_OPEN && stream->received < stream->to_receive;
}

static void send_some(struct stream *stream)
{
    size_t length = room(stream, stream->to_send - stream->sent);
    ssize_t sent;

    if (length == 0) {
        (void)shutdown(stream->fd, SHUT_WR);
        stream->is_finished = true;
        return;
    }
    sent = send(stream->fd, pattern_at(stream->sent), length,
                MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent == -1)
        note_error(stream);
    else
        stream->sent += (uint64_t)sent;
}

static void receive_some(struct stream *stream)
{
    unsigned char bytes[PATTERN_RUN];
    size_t length = room(stream, stream->to_receive - stream->received);
    ssize_t got = recv(stream->fd, bytes, length, MSG_DONTWAIT);

    if (got == -1) {
        note_error(stream);
        return;
    }
    if (got == 0)
        stream->end = STREAM_FIN;
    if (!pattern_matches(stream->received, bytes, (size_t)got))
        stream->is_wrong = true;
    stream->received += (uint64_t)got;
}

bool stream_run(struct stream *stream, uint64_t ms)
{
    uint64_t deadline = patience_now_ms() + ms;

    while (stream->end != STREAM_RESET && (is_sending(stream) || is_receiving(stream))) {
        short events = (short)((is_sending(stream) ? POLLOUT : 0) |
                               (is_receiving(stream) ? POLLIN : 0));

        if (!wire_wait(stream->fd, events, deadline))
            return false;
        if (is_receiving(stream))
            receive_some(stream);
        if (is_sending(stream) && stream->end != STREAM_RESET)
            send_some(stream);
    }
    return true;
}

const char *stream_end_name(enum stream_end end)
{
    static const char *const names[] = { "nothing", "FIN", "RST" };

    return names[end];
}
