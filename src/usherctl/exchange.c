#include "usherctl/exchange.h"

#include "base/clock.h"
#include "usherctl/connection.h"

#include <stdio.h>
#include <string.h>

struct exchange exchange_of(const struct invocation *invocation)
{
    return (struct exchange){
        .where = &invocation->address,
        .socket = invocation->socket,
        .silence_ms = invocation->timeout_ms ? invocation->timeout_ms : EXCHANGE_MS,
        .replies = 1,
    };
}

/* What is said goes out as it comes: some answers last. */
static enum connection_state listen_once(const struct exchange *exchange,
                                         struct connection *connection,
                                         struct answer *answer)
{
    uint64_t silence_ms = exchange->silence_ms;
    uint64_t deadline_ms = silence_ms ? clock_ms() + silence_ms : UINT64_MAX;
    size_t known = connection_heard(connection)->length;
    enum connection_state state = connection_await(connection, deadline_ms);
    bool is_late = state == CONNECTION_BUSY &&
                   connection_heard(connection)->length == known;

    answer_hear(answer, connection_heard(connection));
    return is_late ? CONNECTION_FAILED : state;
}

static enum outcome judge(const struct exchange *exchange,
                          const struct connection *connection,
                          const struct answer *answer)
{
    int error = connection_error(connection);

    if (answer->replies >= exchange->replies && !answer->lines)
        return answer->gravest == ANSWER_REFUSAL ? OUTCOME_REFUSED : OUTCOME_DONE;
    if (error && connection_is_refused(connection))
        return outcome_tell(OUTCOME_UNREACHABLE, "cannot connect to %s: %s",
                            exchange->socket, strerror(error));
    if (error)
        return outcome_tell(OUTCOME_UNREACHABLE, "%s: %s", exchange->socket,
                            strerror(error));
    return outcome_tell(OUTCOME_UNREACHABLE, "%s hung up before it had answered",
                        exchange->socket);
}

enum outcome exchange_hold(const struct exchange *exchange, const char *text,
                           struct answer *answer)
{
    struct connection *connection = connection_open(exchange->where, text);
    enum connection_state state;
    enum outcome outcome;

    do
        state = listen_once(exchange, connection, answer);
    while (state == CONNECTION_BUSY);
    if (state == CONNECTION_FAILED && !connection_error(connection))
        outcome = outcome_tell(OUTCOME_LATE, "%s does not answer", exchange->socket);
    else
        outcome = judge(exchange, connection, answer);
    connection_close(connection);
    return outcome;
}
