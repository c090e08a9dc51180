/* Reads lines, has their commands carried out one after the other, writes the replies.
 *
 * One step at a time: nothing is read while a line is being carried out, and no command
 * begins while much of what was answered is still unsent. */
#include "admin/client.h"

#include "admin/command.h"
#include "admin/prompt.h"
#include "base/clock.h"
#include "base/list.h"
#include "base/memory.h"
#include "control/control.h"
#include "control/inquiry.h"
#include "net/socket.h"

#include <errno.h>
#include <ev.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    LINE_MOST = 64 * 1024,
    PAYLOAD_MOST = 128 * 1024,
    UNSENT_MOST = 256 * 1024,        /* from there on, write before the next command */
    PIECE = 16 * 1024,               /* read at once */
    STEPS = 32,                      /* before others have their turn */
    DROPPED_MOST = 16 * 1024 * 1024, /* of what is not listened to any more */
    DROP_TIMEOUT_MS = 1000,
    SILENCE_MS = 1000,
};

static const double LOOK_SECONDS = 0.05;

enum progress { PROGRESS_MADE, PROGRESS_WAITS, PROGRESS_OVER };

struct client {
    struct caller caller;
    struct call call;
    struct link link;

    int fd;
    unsigned level; /* it came with */
    ev_io io;
    ev_timer deadline;
    ev_timer look; /* at what a command awaits */
    struct buffer heard;
    size_t heard_at; /* where in it the next line begins */
    struct buffer unsent;
    size_t sent; /* of it */
    struct buffer payload;
    char mark[LINE_MARK_SIZE]; /* what ends the payload */
    struct line line;
    struct words words;
    struct reply reply;

    bool has_heard_all; /* the client will say no more */
    bool has_answered, is_in_payload;
    bool is_leaving;     /* once all is written */
    bool is_interrupted; /* while it spoke: it is heard to the end */
    bool is_dropping;    /* what is still said */
    bool is_broken;
    size_t dropped;

    struct control *control; /* borrowed */
    void (*on_over)(void *owner, struct client *client);
    void *owner;
};

static void advance(struct client *client);
static void await(struct client *client, enum progress progress);

static struct ev_loop *loop_of(const struct client *client)
{
    return control_loop(client->control);
}

/* Reads at most a piece; 0 when there is nothing now, or nothing will come any more. */
static size_t read_piece(struct client *client, char piece[PIECE])
{
    ssize_t length = recv(client->fd, piece, PIECE, 0);

    if (length > 0) {
        client->caller.bytes_in += (uint64_t)length;
        return (size_t)length;
    }
    if (length == 0)
        client->has_heard_all = true;
    else if (errno != EAGAIN && errno != EINTR)
        client->has_heard_all = client->is_broken = true;
    return 0;
}

static void listen_to(struct client *client)
{
    char piece[PIECE];
    size_t length = read_piece(client, piece);

    if (!length)
        return;
    client->caller.active_at = clock_ms();
    buffer_consume(&client->heard, client->heard_at);
    client->heard_at = 0;
    buffer_add(&client->heard, piece, length);
    client->call.is_interrupted = client->call.is_awaiting;
}

/* A UNIX socket closed with something unread gives its peer an error, not an end. */
static void drop_heard(struct client *client)
{
    char piece[PIECE];
    size_t length;

    while (client->dropped < DROPPED_MOST && (length = read_piece(client, piece)))
        client->dropped += length;
}

static void add_prompt(struct client *client)
{
    prompt_write(&client->call, client->is_in_payload, &client->unsent);
}

static void frame_reply(struct client *client)
{
    reply_frame(&client->reply, client->caller.style, &client->unsent);
}

static void finish_command(struct client *client)
{
    if (client->caller.has_quit) {
        client->is_leaving = true;
        return;
    }
    frame_reply(client);
    if (client->line.has_more)
        return;
    client->has_answered = true;
    buffer_deinit(&client->payload);
    add_prompt(client);
}

static struct client *caller_of(struct call *call)
{
    return (void *)((char *)call - offsetof(struct client, call));
}

static void on_command_ended(struct call *call)
{
    struct client *client = caller_of(call);

    ev_timer_stop(loop_of(client), &client->look);
    client->caller.active_at = clock_ms();
    finish_command(client);
    advance(client);
}

/* One who does not read misses what has become of it in the meantime. */
static void on_command_progress(struct call *call)
{
    struct client *client = caller_of(call);

    if (client->unsent.length < UNSENT_MOST)
        reply_frame_part(&client->reply, client->caller.style, &client->unsent);
    else
        call->is_behind = true;
    buffer_clear(&client->reply.text);
    await(client, PROGRESS_MADE);
}

static void on_look(struct ev_loop *loop, ev_timer *watcher, int events)
{
    struct client *client = watcher->data;

    (void)loop;
    (void)events;
    client->caller.active_at = clock_ms();
    if (socket_has_hung_up(client->fd))
        client->on_over(client->owner, client);
    else
        client->call.on_look(&client->call);
}

/* The payload belongs to the last command of its line. */
static enum progress run_command(struct client *client)
{
    struct call *call = &client->call;

    if (!line_next(&client->line, &client->words))
        return PROGRESS_MADE;
    call->payload = NULL;
    if (client->payload.bytes && !client->line.has_more)
        call->payload = buffer_text(&client->payload);
    command_run(call);
    if (call->is_awaiting && call->on_look)
        ev_timer_again(loop_of(client), &client->look);
    if (call->is_awaiting)
        return PROGRESS_WAITS;
    finish_command(client);
    return PROGRESS_MADE;
}

static enum progress refuse_length(struct client *client, const char *what, int most)
{
    reply_refuse(&client->reply, "The %s is too long: at most %d bytes.", what, most);
    frame_reply(client);
    client->is_leaving = client->is_interrupted = true;
    return PROGRESS_MADE;
}

static void take_payload_line(struct client *client, const char *text, size_t length)
{
    if (length && text[length - 1] == '\r')
        length--;
    if (length == strlen(client->mark) && !memcmp(text, client->mark, length)) {
        client->is_in_payload = false;
        return;
    }
    buffer_add(&client->payload, text, length);
    buffer_add_text(&client->payload, "\n");
    add_prompt(client);
}

static void take_command_line(struct client *client, const char *text, size_t length)
{
    line_begin(&client->line, text, length);
    client->is_in_payload = line_announces_payload(&client->line, client->mark);
    if (!client->is_in_payload)
        return;
    buffer_add_text(&client->payload, "");
    add_prompt(client);
}

/* Without a whole line: one-shot is over after the first answer. */
static enum progress await_line(struct client *client)
{
    bool is_answered = client->has_answered && !client->is_in_payload;

    if (is_answered && client->caller.mode == CALLER_ONE_SHOT)
        client->is_leaving = true;
    if (client->has_heard_all)
        client->is_leaving = true;
    return client->is_leaving ? PROGRESS_MADE : PROGRESS_WAITS;
}

static enum progress take_line(struct client *client)
{
    const char *text = buffer_text(&client->heard) + client->heard_at;
    size_t length = client->heard.length - client->heard_at;
    const char *end = memchr(text, '\n', length);

    if (end)
        length = (size_t)(end - text);
    if (length > LINE_MOST)
        return refuse_length(client, "line", LINE_MOST);
    if (!end)
        return await_line(client);
    client->heard_at += length + 1;
    if (client->is_in_payload)
        take_payload_line(client, text, length);
    else
        take_command_line(client, text, length);
    if (client->payload.length > PAYLOAD_MOST)
        return refuse_length(client, "payload", PAYLOAD_MOST);
    return PROGRESS_MADE;
}

/* A long reply's memory is not kept for the next one. */
static enum progress write_unsent(struct client *client)
{
    size_t length = client->unsent.length - client->sent;
    const char *rest = client->unsent.bytes + client->sent;
    ssize_t written = send(client->fd, rest, length, MSG_NOSIGNAL);

    if (written == -1)
        return errno == EAGAIN || errno == EINTR ? PROGRESS_WAITS : PROGRESS_OVER;
    client->caller.bytes_out += (uint64_t)written;
    client->caller.active_at = clock_ms();
    client->sent += (size_t)written;
    if (client->sent < client->unsent.length)
        return PROGRESS_MADE;
    buffer_deinit(&client->unsent);
    client->sent = 0;
    return PROGRESS_MADE;
}

/* One who may still be writing would be cut off in the middle, without the answer. */
static enum progress leave(struct client *client)
{
    if (client->is_interrupted && !client->is_dropping) {
        client->caller.active_at = clock_ms();
        (void)shutdown(client->fd, SHUT_WR);
    }
    client->is_dropping = true;
    drop_heard(client);
    if (!client->is_interrupted || client->has_heard_all ||
        client->dropped >= DROPPED_MOST)
        return PROGRESS_OVER;
    return PROGRESS_WAITS;
}

static bool is_line_begun(const struct client *client)
{
    return client->line.has_more && !client->is_in_payload && !client->is_leaving;
}

/* A part of the answer that is not complete yet. */
static bool has_progress(const struct client *client)
{
    return client->call.on_look && client->unsent.length;
}

static enum progress step(struct client *client)
{
    if (client->is_broken)
        return PROGRESS_OVER;
    if (client->call.is_awaiting)
        return has_progress(client) ? write_unsent(client) : PROGRESS_WAITS;
    if (client->unsent.length >= UNSENT_MOST ||
        (client->unsent.length && !is_line_begun(client)))
        return write_unsent(client);
    if (client->is_leaving)
        return leave(client);
    if (is_line_begun(client))
        return run_command(client);
    return take_line(client);
}

static bool may_interrupt(const struct client *client)
{
    return client->call.is_interruptible && !client->call.is_interrupted &&
           !client->has_heard_all;
}

/* Asking to write is also how to be called again soon. */
static void await(struct client *client, enum progress progress)
{
    bool has_more = progress == PROGRESS_MADE || client->unsent.length;
    int wanted = client->has_heard_all ? 0 : EV_READ;

    if (has_more && !client->is_dropping)
        wanted = EV_WRITE;
    if (client->call.is_awaiting)
        wanted = (has_progress(client) ? EV_WRITE : 0) |
                 (may_interrupt(client) ? EV_READ : 0);
    if (ev_is_active(&client->io) && wanted == (client->io.events & (EV_READ | EV_WRITE)))
        return;
    ev_io_stop(loop_of(client), &client->io);
    ev_io_modify(&client->io, wanted);
    if (wanted)
        ev_io_start(loop_of(client), &client->io);
}

/* 0: it may be idle for ever. */
static uint64_t timeout_of(const struct client *client)
{
    return client->is_dropping ? DROP_TIMEOUT_MS : client->caller.timeout_ms;
}

static uint64_t time_left(const struct client *client)
{
    uint64_t idle = clock_ms() - client->caller.active_at;
    uint64_t most = timeout_of(client);

    return idle < most ? most - idle : 0;
}

static void restart_deadline(struct client *client)
{
    ev_timer_stop(loop_of(client), &client->deadline);
    if (!timeout_of(client))
        return;
    ev_timer_set(&client->deadline, (double)time_left(client) / 1000., 0.);
    ev_timer_start(loop_of(client), &client->deadline);
}

static void advance(struct client *client)
{
    enum progress progress = PROGRESS_MADE;

    for (unsigned i = 0; i < STEPS && progress == PROGRESS_MADE; i++)
        progress = step(client);
    if (progress == PROGRESS_OVER) {
        client->on_over(client->owner, client);
        return;
    }
    await(client, progress);
    restart_deadline(client);
}

static void on_ready(struct ev_loop *loop, ev_io *watcher, int events)
{
    struct client *client = watcher->data;

    (void)loop;
    if (events & EV_READ && !client->is_dropping)
        listen_to(client);
    advance(client);
}

static void on_deadline(struct ev_loop *loop, ev_timer *watcher, int events)
{
    struct client *client = watcher->data;

    (void)loop;
    (void)events;
    if (time_left(client)) {
        restart_deadline(client);
        return;
    }
    drop_heard(client);
    client->on_over(client->owner, client);
}

static void watch(struct client *client)
{
    ev_io_init(&client->io, on_ready, client->fd, EV_READ);
    client->io.data = client;
    ev_init(&client->look, on_look);
    client->look.repeat = LOOK_SECONDS;
    client->look.data = client;
    ev_init(&client->deadline, on_deadline);
    ev_set_priority(&client->deadline, EV_MINPRI);
    client->deadline.data = client;
    ev_io_start(loop_of(client), &client->io);
    restart_deadline(client);
}

struct client *client_create(const struct client_settings *settings)
{
    struct client *client = memory_new(sizeof *client);
    uint64_t now = clock_ms();

    client->fd = settings->fd;
    client->level = settings->level;
    client->control = settings->control;
    client->on_over = settings->on_over;
    client->owner = settings->owner;
    list_init(&client->link);
    client->caller = (struct caller){
        .id = settings->id,
        .peer = settings->peer,
        .begun_at = now,
        .active_at = now,
        .level = (enum admin_level)settings->level,
        .timeout_ms = settings->timeout_ms,
    };
    client->call = (struct call){
        .control = settings->control,
        .admin = settings->admin,
        .caller = &client->caller,
        .reply = &client->reply,
        .words = &client->words,
        .on_progress = on_command_progress,
        .on_end = on_command_ended,
    };
    caller_name(client->fd, client->caller.by);
    watch(client);
    return client;
}

void client_destroy(struct client *client)
{
    if (!client)
        return;
    if (client->call.is_awaiting)
        inquiry_forget(client->control, &client->call);
    ev_timer_stop(loop_of(client), &client->look);
    ev_timer_stop(loop_of(client), &client->deadline);
    ev_io_stop(loop_of(client), &client->io);
    (void)close(client->fd);
    list_remove(&client->link);
    reply_deinit(&client->reply);
    line_deinit(&client->line);
    buffer_deinit(&client->payload);
    buffer_deinit(&client->unsent);
    buffer_deinit(&client->heard);
    free(client);
}

unsigned client_level(const struct client *client)
{
    return client->level;
}

bool client_may_go(const struct client *client)
{
    return !client->unsent.length && !client->call.is_awaiting &&
           clock_ms() - client->caller.active_at >= SILENCE_MS;
}

struct link *client_link(struct client *client)
{
    return &client->link;
}

struct client *client_of(struct link *link)
{
    return list_object(link, struct client, link);
}
