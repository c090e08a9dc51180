/* All that comes before a server is chosen: who the client is (PROXY header), whether
 * it is who it says (TLS), and where it wants to go (the name in its greeting). */
#include "proxy/greet.h"

#include "base/clock.h"
#include "base/network.h"
#include "base/random.h"
#include "net/client_hello.h"
#include "net/proxy_header.h"
#include "net/tls.h"
#include "proxy/account.h"
#include "proxy/admission.h"

#include <string.h>

enum greet_step {
    GREET_FIRST,
    GREET_HEADER,
    GREET_STRANGER,
    GREET_HANDSHAKE,
    GREET_HELLO,
    GREET_ROUTE
};

/* What the greeting told. */
struct told {
    bool is_tls;
    const char *name, *alpn;
};

static enum progress go_on(struct session *session, enum greet_step step)
{
    session->greeted = (uint8_t)step;
    return PROGRESS_AGAIN;
}

static enum progress refuse(struct session *session, enum ending ending, const char *why)
{
    session->trouble = why;
    return session_over(session, ending);
}

/* Most greetings fit into a small piece; one that does not moves to a larger one. */
static bool make_room(struct session *session)
{
    struct flow *in = &session->in;
    size_t wanted = in->held ? in->held->room + 1 : WORKSPACE_SMALL_PIECE;
    struct piece *larger;

    if (in->held && in->held->end < in->held->room)
        return true;
    larger = workspace_take_piece(session->workspace, wanted);
    if (!larger)
        return false;
    if (in->held) {
        memcpy(larger->bytes, in->held->bytes, in->held->end);
        larger->end = in->held->end;
        workspace_give_piece(session->workspace, in->held);
    }
    in->held = larger;
    return larger->end < larger->room;
}

/* Reads into the piece that the server will be sent: nothing of a greeting is lost. */
static enum io read_more(struct session *session, size_t most)
{
    struct piece *held;
    size_t got = 0;
    enum io io;

    if (!make_room(session))
        return IO_FAILED;
    held = session->in.held;
    if (most > held->room - held->end)
        most = held->room - held->end;
    io = conn_read(&session->to_client, held->bytes + held->end, most, &got);
    held->end += (uint32_t)got;
    return io;
}

static void drop_what_was_read(struct session *session)
{
    workspace_give_piece(session->workspace, session->in.held);
    session->in.held = NULL;
}

static enum progress wait_or_leave(struct session *session, enum io io)
{
    if (io == IO_AGAIN)
        return PROGRESS_WAIT;
    return session_over(session,
                        io == IO_ENDED ? ENDING_CLIENT_CLOSED : ENDING_CLIENT_RESET);
}

static enum progress begin(struct session *session)
{
    const struct frontend *frontend = session->frontend;
    bool is_announcing = frontend->proxy_from &&
                         networks_hold(frontend->proxy_from, &session->client);

    if (frontend->proxy_from && !is_announcing && !session->client.local)
        session->suspicion = SUSPICION_UNHEARD;
    if (!is_announcing && !atomic_load(&frontend->acceptor) && !frontend->needs_greeting)
        return go_on(session, GREET_ROUTE);
    session_set_due(session, clock_ms() + frontend->settings->greet_timeout_ms);
    return go_on(session, is_announcing ? GREET_HEADER : GREET_STRANGER);
}

static enum progress take_announced(struct session *session,
                                    const struct proxy_header *header)
{
    if (header->has_addresses) {
        session->client = endpoint_of(&header->source.as.any);
        session->announced = endpoint_of(&header->destination.as.any);
        session->is_announced = true;
    }
    drop_what_was_read(session);
    if (!admission_ask_announced(session->workspace, session->frontend, &session->client,
                                 &session->visit))
        return session_over(session, ENDING_NOT_ALLOWED);
    return go_on(session, GREET_HANDSHAKE);
}

/* While it is read the header lies where a greeting would: it is never sent on. */
static struct proxy_header *header_of(struct session *session)
{
    struct flow *in = &session->in;

    if (!in->held) {
        in->held = workspace_take_piece(session->workspace, sizeof(struct proxy_header));
        if (in->held)
            memset(in->held->bytes, 0, sizeof(struct proxy_header));
    }
    return in->held ? (struct proxy_header *)(void *)in->held->bytes : NULL;
}

static enum progress read_header(struct session *session)
{
    struct proxy_header *header = header_of(session);
    unsigned char *scratch = session->workspace->scratch;
    enum proxy_outcome outcome = PROXY_MORE;
    size_t got = 0;

    if (!header)
        return session_over(session, ENDING_OWN_SHORTAGE);
    while (outcome == PROXY_MORE) {
        enum io io = IO_DONE;

        outcome = proxy_header_take(header, scratch, got);
        if (outcome == PROXY_MORE) {
            size_t wanted = header->wanted;

            if (wanted > WORKSPACE_SCRATCH)
                wanted = WORKSPACE_SCRATCH;
            io = conn_read(&session->to_client, scratch, wanted, &got);
        }
        if (io != IO_DONE)
            return wait_or_leave(session, io);
    }
    if (outcome == PROXY_DONE)
        return take_announced(session, header);
    return refuse(session, ENDING_PROXY_HEADER, header->why);
}

/* Where the client has to speak first it is heard now; else when it does: see relay.c. */
static enum progress hear_stranger(struct session *session)
{
    enum progress progress = stranger_hear(session);

    return progress == PROGRESS_AGAIN ? go_on(session, GREET_HANDSHAKE) : progress;
}

static enum progress shake_hands(struct session *session)
{
    struct tls_acceptor *acceptor = atomic_load(&session->frontend->acceptor);
    struct conn *client = &session->to_client;
    enum io io;

    if (!acceptor)
        return go_on(session, GREET_HELLO);
    if (conn_is_plain(client)) {
        if (!tls_accept(client, acceptor, session->workspace->settings.id))
            return session_over(session, ENDING_OWN_SHORTAGE);
        account_handshake_begun(session);
    }
    io = conn_handshake(client);
    if (io == IO_AGAIN)
        return PROGRESS_WAIT;
    account_handshake_over(session, io == IO_DONE);
    if (io != IO_DONE)
        return refuse(session, ENDING_CLIENT_TLS, conn_trouble(client));
    return go_on(session, GREET_ROUTE);
}

static const struct route *find_route(struct session *session, const struct told *told)
{
    const struct frontend *frontend = session->frontend;
    struct route_facts facts = {
        .client = &session->client,
        .is_tls = told->is_tls,
        .name = told->name,
        .alpn = told->alpn,
        .draw = random_below(&session->workspace->random, 100),
    };

    for (size_t i = 0; i < frontend->settings->route_count; i++)
        if (route_fits(frontend->routes[i].settings, &facts))
            return &frontend->routes[i];
    return &frontend->usual;
}

static enum progress take_route(struct session *session, const struct told *told)
{
    session->route = find_route(session, told);
    session->client_ready = 0;
    account_routed(session);
    return session_enter(session, STAGE_CHOOSE);
}

static enum progress read_hello(struct session *session)
{
    struct client_hello hello = { .has_name = false };

    if (!session->frontend->needs_greeting)
        return go_on(session, GREET_ROUTE);
    for (;;) {
        const struct piece *held = session->in.held;
        enum hello_outcome outcome = held ? client_hello_read(held->bytes, held->end,
                                                              &hello)
                                          : HELLO_MORE;
        struct told told = { outcome == HELLO_FOUND, hello.name, hello.alpn };
        enum io io;

        if (outcome == HELLO_BROKEN)
            return refuse(session, ENDING_GREETING, "its TLS greeting is malformed");
        if (outcome != HELLO_MORE)
            return take_route(session, &told);
        io = read_more(session, CLIENT_HELLO_MOST);
        if (io != IO_DONE)
            return wait_or_leave(session, io);
    }
}

static enum progress choose_route(struct session *session)
{
    struct tls_facts facts = tls_facts(&session->to_client);
    struct told told = { !conn_is_plain(&session->to_client), facts.name, facts.alpn };

    return take_route(session, &told);
}

enum progress greet_client(struct session *session)
{
    static enum progress (*const steps[])(struct session *) = {
        [GREET_FIRST] = begin,
        [GREET_HEADER] = read_header,
        [GREET_STRANGER] = hear_stranger,
        [GREET_HANDSHAKE] = shake_hands,
        [GREET_HELLO] = read_hello,
        [GREET_ROUTE] = choose_route,
    };

    return steps[session->greeted](session);
}

enum progress greet_expire(struct session *session)
{
    return session_over(session, ENDING_GREET_TIMEOUT);
}

void greet_await(struct session *session)
{
    int wants = session->to_client.wants;

    conn_await(&session->to_client, session->workspace->settings.loop,
               wants ? wants : EV_READ);
}
