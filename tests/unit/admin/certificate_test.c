#include "admin/certificate.h"

#include "../net/authority.h"
#include "asking.h"

static const char *path;
static char pem[16384];

static void set_up(void)
{
    char line[256];
    FILE *file;

    make_folder();
    be(ADMIN_LEVEL_ADMIN);
    path = issue("a.pem", &(struct wish){ .subject = "a", .names = "DNS:a.test" });
    file = fopen(issue("other", &(struct wish){ .subject = "b" }), "r");
    cr_assert(file);
    pem[fread(pem, 1, sizeof pem - 1, file)] = '\0';
    (void)fclose(file);
    (void)snprintf(line, sizeof line, "tls-cert = %s\n", folder);
    make_control(line);
}

static void tear_down(void)
{
    reply_deinit(&reply);
    drop_control();
    remove_folder();
}

TestSuite(certificate, .timeout = 20, .init = set_up, .fini = tear_down);

/* With the path in the place of @, and its folder in that of %. */
static const char *spell(const char *text)
{
    static char spelt[2][1024];
    static unsigned turn;
    char *out = spelt[turn++ % 2];
    size_t length = 0;

    for (; *text; text++) {
        const char *word = *text == '@' ? path : *text == '%' ? folder : NULL;

        length += (size_t)snprintf(out + length, sizeof *spelt - length, "%.*s",
                                   word ? (int)strlen(word) : 1, word ? word : text);
    }
    return out;
}

static void expect(const char *said, const char *payload, const char *answer)
{
    const char *heard = ask_with(spell(said), payload);

    cr_expect_str_eq(heard, spell(answer), "%s: %s", said, heard);
}

Test(certificate, is_replaced_in_two_steps)
{
    expect("show ssl cert", NULL, "# filename\n@\n\n");
    expect("set ssl cert @", pem, "[5]: Transaction created for certificate @!\n\n");
    expect("set ssl cert @", pem, "[5]: Transaction updated for certificate @!\n\n");
    expect("show ssl cert", NULL, "# transaction\n*@\n# filename\n@\n\n");
    expect("commit ssl cert @", NULL, "[5]: Committing @\nSuccess!\n\n");
    expect("show ssl cert", NULL, "# filename\n@\n\n");
    cr_expect(strstr(ask(spell("show ssl cert @")), "\nSubject: /CN=b\n"));
}

Test(certificate, that_is_not_the_one_of_the_file_is_told_of)
{
    (void)ask_with(spell("set ssl cert @"), pem);
    expect("diff", NULL, "certificate @: set, but not committed\n\n");
    (void)ask(spell("commit ssl cert @"));
    expect("diff", NULL, "certificate @: in use, but not in the file\n\n");
    (void)ask("new ssl cert /x");
    expect("diff", NULL,
           "certificate @: in use, but not in the file\n"
           "certificate /x: created, used by no frontend\n\n");
    (void)ask_with("set ssl cert /x", pem);
    (void)ask("commit ssl cert /x");
    (void)ask(spell("add ssl crt-list % /x"));
    expect("diff", NULL,
           "certificate @: in use, but not in the file\n"
           "certificate /x: in use, but not in the file\n\n");
    cr_expect(strstr(ask("reload"), spell("dropped: certificate @: in use")));
    expect("diff", NULL, "[6]: All is as the configuration says.\n\n");
}

Test(certificate, is_aborted)
{
    expect("set ssl cert @", pem, "[5]: Transaction created for certificate @!\n\n");
    expect("abort ssl cert @", NULL, "[5]: Transaction aborted for certificate '@'!\n\n");
    expect("abort ssl cert @", NULL, "[3]: No ongoing transaction!\n\n");
    expect("commit ssl cert @", NULL,
           "[3]: No ongoing transaction!\nCan't commit @!\n\n");
}

Test(certificate, is_refused_when_it_would_not_do)
{
    expect("set ssl cert @", "nonsense\n",
           "[3]: @: there is no certificate in it\nCan't update @!\n\n");
    expect("set ssl cert /x", pem,
           "[3]: Can't replace a certificate which is not referenced by the "
           "configuration!\nCan't update /x!\n\n");
    expect("set ssl cert @", NULL,
           "[3]: 'set ssl cert' expects a filename and a certificate as a payload\n\n");
}

Test(certificate, is_created_inserted_and_in_use)
{
    expect("new ssl cert /x", NULL, "[5]: New empty certificate store '/x'!\n\n");
    expect("new ssl cert @", NULL, "[3]: Certificate '@' already exists!\n\n");
    expect("show ssl cert /x", NULL, "Filename: /x\nStatus: Empty\n\n");
    expect("add ssl crt-list % /x", NULL,
           "[3]: Can't edit the crt-list: certificate '/x' is empty!\n\n");
    expect("set ssl cert /x", pem, "[5]: Transaction created for certificate /x!\n\n");
    expect("commit ssl cert /x", NULL, "[5]: Committing /x\nSuccess!\n\n");
    expect("add ssl crt-list % /x", NULL,
           "[5]: Inserting certificate '/x' in crt-list '%'.\nSuccess!\n\n");
    expect("add ssl crt-list % /x", NULL,
           "[3]: Can't edit the crt-list: certificate '/x' already exists in this "
           "list!\n\n");
    expect("del ssl cert /x", NULL,
           "[3]: Can't remove the certificate: certificate '/x' in use, can't be "
           "deleted!\n\n");
}

Test(certificate, is_deleted_when_nobody_uses_it)
{
    expect("new ssl cert /x", NULL, "[5]: New empty certificate store '/x'!\n\n");
    expect("del ssl cert /x", NULL, "[5]: Certificate '/x' deleted!\n\n");
    expect("del ssl cert /x", NULL,
           "[3]: Can't remove the certificate: certificate '/x' doesn't exist!\n\n");
}

Test(certificate, is_not_changed_by_those_who_may_not)
{
    static const char *const changes[] = {
        "new ssl cert /x",  "set ssl cert @", "commit ssl cert @",
        "abort ssl cert @", "del ssl cert @", "add ssl crt-list % @",
    };

    be(ADMIN_LEVEL_OPERATOR);
    for (size_t i = 0; i < COUNT(changes); i++)
        expect(changes[i], pem, "[3]: Permission denied\n\n");
    expect("show ssl cert", NULL, "# filename\n@\n\n");
}
