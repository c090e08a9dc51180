#include "proxy/relay.h"

#include <criterion/criterion.h>

TestSuite(relay, .timeout = 20);

enum { FEW = 100, MANY = 64 * 1024 };

Test(relay, knows_questions_and_answers)
{
    static const struct {
        bool was_server_asked;
        uint64_t in, out;
        bool is_small_talk;
    } moves[] = {
        { false, FEW, 0, true },   /* a question */
        { true, 0, FEW, true },    /* its answer */
        { true, FEW, FEW, true },  /* both at once */
        { false, 0, FEW, false },  /* more of an answer, in pieces */
        { true, FEW, 0, false },   /* more of a question */
        { true, 0, MANY, false },  /* a long answer */
        { false, MANY, 0, false }, /* a long question */
        { true, 0, 0, false },     /* what was held went on */
        { false, 0, 0, false },
    };

    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        cr_expect_eq(relay_is_small_talk(moves[i].was_server_asked, moves[i].in,
                                         moves[i].out),
                     moves[i].is_small_talk, "%zu", i);
}
