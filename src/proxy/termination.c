/* One row for each ending; where the row leaves a letter open, the stage fills it in. */
#include "proxy/termination.h"

#include "proxy/session_parts.h"

static const char phases[] = {
    [STAGE_GREET] = 'R', [STAGE_CHOOSE] = 'C', [STAGE_WAIT] = 'Q',   [STAGE_PAUSE] = 'C',
    [STAGE_REACH] = 'C', [STAGE_RELAY] = 'D',  [STAGE_FINISH] = 'D',
};

/* Whose time ran out while nothing moved: his from whom something was awaited. */
static char who_was_awaited(const struct parting *parting)
{
    return parting->is_server_asked || parting->has_client_ended ? 's' : 'c';
}

/* Before a server is chosen, leaving is no proper end. */
static char who_closed(const struct parting *parting)
{
    return parting->stage == STAGE_GREET ? 'C' : '-';
}

static char who_spoiled_greeting(const struct parting *parting)
{
    return parting->was_client_faulty ? 'P' : 'C';
}

static const struct row {
    char who, phase; /* 0: by the function, by the stage */
    char (*find)(const struct parting *parting);
} rows[] = {
    [ENDING_NONE] = { '-', '-', NULL },
    [ENDING_CLIENT_CLOSED] = { 0, 0, who_closed },
    [ENDING_SERVER_CLOSED] = { '-', '-', NULL },
    [ENDING_CLIENT_RESET] = { 'C', 0, NULL },
    [ENDING_SERVER_RESET] = { 'S', 0, NULL },
    [ENDING_CLIENT_FAULT] = { 'C', 0, NULL },
    [ENDING_SERVER_FAULT] = { 'S', 0, NULL },
    [ENDING_IDLE] = { 0, 0, who_was_awaited },
    [ENDING_HALF_CLOSED] = { 0, 0, who_was_awaited },
    [ENDING_GREET_TIMEOUT] = { 'c', 'R', NULL },
    [ENDING_PROXY_HEADER] = { 'P', 'R', NULL },
    [ENDING_NOT_ALLOWED] = { 'P', 'R', NULL },
    [ENDING_CLIENT_TLS] = { 0, 'R', who_spoiled_greeting },
    [ENDING_GREETING] = { 'P', 'R', NULL },
    [ENDING_NO_SERVER] = { 'S', 'C', NULL },
    [ENDING_UNREACHABLE] = { 'S', 'C', NULL },
    [ENDING_CONNECT_TIMEOUT] = { 's', 'C', NULL },
    [ENDING_QUEUE_FULL] = { 'S', 'Q', NULL },
    [ENDING_QUEUE_TIMEOUT] = { 's', 'Q', NULL },
    [ENDING_HOLD_TIMEOUT] = { 's', 'Q', NULL },
    [ENDING_CLIENT_LEFT] = { 'C', 'Q', NULL },
    [ENDING_OWN_SHORTAGE] = { 'R', 0, NULL },
    [ENDING_ADMIN] = { 'K', '-', NULL },
    [ENDING_DRAIN] = { 'K', '-', NULL },
    [ENDING_SERVER_DOWN] = { 'D', '-', NULL },
    [ENDING_MOVED] = { 'U', '-', NULL },
    [ENDING_EXIT] = { 'K', '-', NULL },
};

static char phase_of(const struct parting *parting, char who)
{
    if (who == '-')
        return '-';
    return phases[parting->stage];
}

struct termination termination_of(const struct parting *parting)
{
    const struct row *row = &rows[parting->ending];
    char who = row->who ? row->who : row->find(parting);

    return (struct termination){ who, row->phase ? row->phase : phase_of(parting, who) };
}

enum { OK = 200, BAD = 400, FORBIDDEN = 403, LATE = 408, INTERNAL = 500 };
enum { BAD_SERVER = 502, UNAVAILABLE = 503, LATE_SERVER = 504 };

unsigned termination_status(struct termination why, bool has_answered)
{
    static const struct {
        char who;
        unsigned status;
    } statuses[] = {
        { 'P', FORBIDDEN }, { 'R', INTERNAL },    { 'C', BAD },
        { 'c', LATE },      { 's', LATE_SERVER },
    };

    if (why.who == '-' || has_answered)
        return OK;
    if (why.who == 'S' && why.phase == 'D')
        return BAD_SERVER;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (statuses[i].who == why.who)
            return statuses[i].status;
    return UNAVAILABLE;
}
