#include "health/result.h"

#include <criterion/criterion.h>

Test(result, has_the_names_of_the_dialect)
{
    cr_expect_str_eq(result_code(RESULT_UNKNOWN), "UNK");
    cr_expect_str_eq(result_code(RESULT_STARTING), "INI");
    cr_expect_str_eq(result_code(RESULT_OWN_SHORTAGE), "SOCKERR");
    cr_expect_str_eq(result_code(RESULT_CONNECTED), "L4OK");
    cr_expect_str_eq(result_code(RESULT_CONNECT_TIMEOUT), "L4TOUT");
    cr_expect_str_eq(result_code(RESULT_CONNECT_FAILED), "L4CON");
    cr_expect_str_eq(result_text(RESULT_CONNECTED), "Layer4 check passed");
    cr_expect_str_eq(result_text(RESULT_CONNECT_FAILED), "Layer4 connection problem");
}

/* Tools know results by number, too: `show servers state` has nothing else. */
Test(result, is_numbered_as_the_dialect_does)
{
    cr_expect_eq(RESULT_CONNECTED, 6);
    cr_expect_eq(RESULT_TLS_FAILED, 11);
    cr_expect_eq(RESULT_ANSWER_WRONG, 13);
    cr_expect_eq(RESULT_ANSWERED, 15);
    cr_expect_eq(RESULT_ANSWER_BAD, 17);
    cr_expect_eq(RESULT_PROGRAM_PASSED, 20);
}
