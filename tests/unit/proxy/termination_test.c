#include "proxy/termination.h"

#include "proxy/session_parts.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *letters_of(const struct parting *parting)
{
    static char letters[3];
    struct termination why = termination_of(parting);

    (void)snprintf(letters, sizeof letters, "%c%c", why.who, why.phase);
    return letters;
}

Test(termination, has_letters_for_every_ending)
{
    static const struct {
        enum ending ending;
        enum stage_id stage;
        const char *letters;
    } cases[] = {
        { ENDING_NONE, STAGE_RELAY, "--" },
        { ENDING_CLIENT_CLOSED, STAGE_RELAY, "--" },
        { ENDING_CLIENT_CLOSED, STAGE_FINISH, "--" },
        { ENDING_CLIENT_CLOSED, STAGE_GREET, "CR" },
        { ENDING_SERVER_CLOSED, STAGE_RELAY, "--" },
        { ENDING_CLIENT_RESET, STAGE_GREET, "CR" },
        { ENDING_CLIENT_RESET, STAGE_REACH, "CC" },
        { ENDING_CLIENT_RESET, STAGE_PAUSE, "CC" },
        { ENDING_CLIENT_RESET, STAGE_RELAY, "CD" },
        { ENDING_CLIENT_RESET, STAGE_FINISH, "CD" },
        { ENDING_SERVER_RESET, STAGE_RELAY, "SD" },
        { ENDING_CLIENT_FAULT, STAGE_RELAY, "CD" },
        { ENDING_SERVER_FAULT, STAGE_RELAY, "SD" },
        { ENDING_GREET_TIMEOUT, STAGE_GREET, "cR" },
        { ENDING_GREET_TIMEOUT, STAGE_RELAY, "cR" },
        { ENDING_PROXY_HEADER, STAGE_RELAY, "PR" },
        { ENDING_NOT_ALLOWED, STAGE_GREET, "PR" },
        { ENDING_GREETING, STAGE_GREET, "PR" },
        { ENDING_NO_SERVER, STAGE_CHOOSE, "SC" },
        { ENDING_UNREACHABLE, STAGE_CHOOSE, "SC" },
        { ENDING_CONNECT_TIMEOUT, STAGE_CHOOSE, "sC" },
        { ENDING_QUEUE_FULL, STAGE_CHOOSE, "SQ" },
        { ENDING_QUEUE_TIMEOUT, STAGE_WAIT, "sQ" },
        { ENDING_HOLD_TIMEOUT, STAGE_WAIT, "sQ" },
        { ENDING_CLIENT_LEFT, STAGE_WAIT, "CQ" },
        { ENDING_OWN_SHORTAGE, STAGE_GREET, "RR" },
        { ENDING_OWN_SHORTAGE, STAGE_CHOOSE, "RC" },
        { ENDING_OWN_SHORTAGE, STAGE_RELAY, "RD" },
        { ENDING_ADMIN, STAGE_RELAY, "K-" },
        { ENDING_ADMIN, STAGE_WAIT, "K-" },
        { ENDING_DRAIN, STAGE_RELAY, "K-" },
        { ENDING_SERVER_DOWN, STAGE_RELAY, "D-" },
        { ENDING_MOVED, STAGE_RELAY, "U-" },
        { ENDING_EXIT, STAGE_RELAY, "K-" },
    };

    for (size_t i = 0; i < COUNT(cases); i++)
        cr_expect_str_eq(letters_of(&(struct parting){ .ending = cases[i].ending,
                                                       .stage = cases[i].stage }),
                         cases[i].letters, "%s", ending_facts(cases[i].ending)->name);
    for (int i = 0; i <= ENDING_EXIT; i++)
        cr_expect_eq(strlen(letters_of(&(struct parting){ .ending = (enum ending)i,
                                                          .stage = STAGE_RELAY })),
                     2, "%s", ending_facts((enum ending)i)->name);
}

Test(termination, of_a_silence_names_who_was_awaited)
{
    static const struct {
        struct parting parting;
        const char *letters;
    } cases[] = {
        { { .ending = ENDING_IDLE }, "cD" },
        { { .ending = ENDING_IDLE, .is_server_asked = true }, "sD" },
        { { .ending = ENDING_HALF_CLOSED }, "cD" },
        { { .ending = ENDING_HALF_CLOSED, .has_client_ended = true }, "sD" },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct parting parting = cases[i].parting;

        parting.stage = STAGE_RELAY;
        cr_expect_str_eq(letters_of(&parting), cases[i].letters, "case %zu", i);
    }
}

Test(termination, of_a_handshake_tells_nonsense_from_leaving)
{
    struct parting parting = { .ending = ENDING_CLIENT_TLS, .stage = STAGE_GREET };

    cr_expect_str_eq(letters_of(&parting), "CR");
    parting.was_client_faulty = true;
    cr_expect_str_eq(letters_of(&parting), "PR");
}

Test(termination, has_a_status_of_http)
{
    static const struct {
        const char *letters;
        unsigned silent, answered;
    } cases[] = {
        { "--", 200, 200 }, { "PR", 403, 200 }, { "RC", 500, 200 }, { "CR", 400, 200 },
        { "CQ", 400, 200 }, { "CD", 400, 200 }, { "cR", 408, 200 }, { "cD", 408, 200 },
        { "SC", 503, 200 }, { "SQ", 503, 200 }, { "SD", 502, 200 }, { "sC", 504, 200 },
        { "sQ", 504, 200 }, { "sD", 504, 200 }, { "K-", 503, 200 }, { "D-", 503, 200 },
        { "U-", 503, 200 },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct termination why = { cases[i].letters[0], cases[i].letters[1] };

        cr_expect_eq(termination_status(why, false), cases[i].silent, "%s",
                     cases[i].letters);
        cr_expect_eq(termination_status(why, true), cases[i].answered, "%s",
                     cases[i].letters);
    }
}
