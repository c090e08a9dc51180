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
