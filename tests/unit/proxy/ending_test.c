#include "proxy/ending.h"

#include <ctype.h>
#include <criterion/criterion.h>

Test(ending, has_facts_for_every_reason)
{
    for (int i = 0; i < ENDINGS; i++) {
        const struct ending_facts *facts = ending_facts((enum ending)i);

        cr_assert(facts->name && *facts->name, "ending %d has no name", i);
        cr_assert(facts->text && *facts->text, "ending %d has no text", i);
    }
}

Test(ending, has_a_name_that_machines_can_read)
{
    for (int i = 0; i < ENDINGS; i++)
        for (const char *name = ending_facts((enum ending)i)->name; *name; name++)
            cr_expect(islower((unsigned char)*name) || *name == '-', "ending %d", i);
}

Test(ending, has_a_name_and_a_text_of_its_own)
{
    for (int i = 0; i < ENDINGS; i++)
        for (int k = 0; k < i; k++) {
            const struct ending_facts *one = ending_facts((enum ending)i);
            const struct ending_facts *other = ending_facts((enum ending)k);

            cr_expect_str_neq(one->name, other->name, "%d and %d", i, k);
            cr_expect_str_neq(one->text, other->text, "%d and %d", i, k);
        }
}

Test(ending, says_whose_doing_it_was_and_what_both_ends_see)
{
    static const struct {
        enum ending ending;
        const char *name;
        enum blame blame;
        bool by_reset;
    } cases[ENDINGS] = {
        { ENDING_NONE, "none", BLAME_NOBODY, false },
        { ENDING_CLIENT_CLOSED, "client-closed", BLAME_NOBODY, false },
        { ENDING_SERVER_CLOSED, "server-closed", BLAME_NOBODY, false },
        { ENDING_CLIENT_RESET, "client-reset", BLAME_CLIENT, true },
        { ENDING_SERVER_RESET, "server-reset", BLAME_SERVER, true },
        { ENDING_CLIENT_FAULT, "client-fault", BLAME_CLIENT, true },
        { ENDING_SERVER_FAULT, "server-fault", BLAME_SERVER, true },
        { ENDING_IDLE, "idle", BLAME_CLIENT, false },
        { ENDING_HALF_CLOSED, "half-closed", BLAME_CLIENT, true },
        { ENDING_GREET_TIMEOUT, "greet-timeout", BLAME_GREETING, true },
        { ENDING_PROXY_HEADER, "proxy-header", BLAME_GREETING, true },
        { ENDING_NOT_ALLOWED, "not-allowed", BLAME_GREETING, true },
        { ENDING_CLIENT_TLS, "client-tls", BLAME_GREETING, false },
        { ENDING_GREETING, "greeting", BLAME_GREETING, true },
        { ENDING_NO_SERVER, "no-server", BLAME_BACKEND, true },
        { ENDING_UNREACHABLE, "unreachable", BLAME_BACKEND, true },
        { ENDING_CONNECT_TIMEOUT, "connect-timeout", BLAME_BACKEND, true },
        { ENDING_QUEUE_FULL, "queue-full", BLAME_BACKEND, true },
        { ENDING_QUEUE_TIMEOUT, "queue-timeout", BLAME_BACKEND, true },
        { ENDING_HOLD_TIMEOUT, "hold-timeout", BLAME_BACKEND, true },
        { ENDING_CLIENT_LEFT, "client-left", BLAME_CLIENT, true },
        { ENDING_OWN_SHORTAGE, "own-shortage", BLAME_OURSELVES, true },
        { ENDING_ADMIN, "admin", BLAME_NOBODY, true },
        { ENDING_DRAIN, "drain", BLAME_NOBODY, false },
        { ENDING_SERVER_DOWN, "server-down", BLAME_SERVER, true },
        { ENDING_MOVED, "moved", BLAME_NOBODY, false },
        { ENDING_EXIT, "exit", BLAME_NOBODY, true },
    };

    for (int i = 0; i < ENDINGS; i++) {
        const struct ending_facts *facts = ending_facts((enum ending)i);

        cr_expect_eq((int)cases[i].ending, i);
        cr_expect_str_eq(facts->name, cases[i].name);
        cr_expect_eq(facts->blame, cases[i].blame, "%s", facts->name);
        cr_expect_eq(facts->by_reset, cases[i].by_reset, "%s", facts->name);
    }
}
