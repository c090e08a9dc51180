#include "asking.h"

static void set_up(void)
{
    be(ADMIN_LEVEL_ADMIN);
    make_control("");
}

static void tear_down(void)
{
    reply_deinit(&reply);
    drop_control();
}

TestSuite(command, .timeout = 20, .init = set_up, .fini = tear_down);

Test(command, answers_in_json_when_its_last_word_says_so)
{
    static const struct {
        const char *said, *answer;
    } cases[] = {
        { "get weight app/a json",
          "{\"severity\":\"info\",\"message\":\"1 (initial 1)\"}" },
        { "show cli level json", "{\"severity\":\"info\",\"message\":\"admin\"}" },
        { "set weight app/a 2 json", "{\"severity\":\"info\",\"message\":\"\"}" },
        { "set weight app/x 2 json",
          "{\"severity\":\"err\",\"message\":\"No such server.\"}" },
        { "show history app/x json",
          "{\"severity\":\"err\",\"message\":\"No such server.\"}" },
        { "echo a json", "{\"severity\":\"info\",\"message\":\"a\"}" },
        { "echo json json", "{\"severity\":\"info\",\"message\":\"json\"}" },
        { "show access json", "[]" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *heard = ask(cases[i].said);

        cr_expect(!strncmp(heard, cases[i].answer, strlen(cases[i].answer)) &&
                      !strcmp(heard + strlen(cases[i].answer), "\n\n"),
                  "%s: %s", cases[i].said, heard);
    }
}

Test(command, answers_in_json_even_if_there_is_none)
{
    cr_expect_eq(strncmp(ask("nonsense json"), "{\"severity\":\"err\",", 18), 0, "%s",
                 ask("nonsense json"));
    cr_expect_eq(strncmp(ask("json"), "[3]: Unknown command: 'json'.", 29), 0, "%s",
                 ask("json"));
    be(ADMIN_LEVEL_USER);
    cr_expect_str_eq(ask("drain app/a json"),
                     "{\"severity\":\"err\",\"message\":\"Permission denied\"}\n\n");
}

Test(command, that_was_not_asked_for_json_does_not_answer_in_it)
{
    (void)ask("show cli level json");
    cr_expect_str_eq(ask("show cli level"), "[6]: admin\n\n");
}
