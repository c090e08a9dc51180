#include "control/certificates.h"

#include "../net/authority.h"
#include "controls.h"
#include "net/tls_chain.h"

static struct problems *problems;
static const char *path; /* the certificate of the frontend */
static char *next;       /* the text of another one */

static char *read_text(const char *from)
{
    char *text = calloc(1, 16384);
    FILE *file = fopen(from, "r");

    cr_assert(text && file);
    cr_assert_gt(fread(text, 1, 16383, file), 0);
    (void)fclose(file);
    return text;
}

static void set_up(void)
{
    char line[256];

    make_folder();
    problems = problems_create();
    path = issue("a.pem", &(struct wish){ .subject = "a", .names = "DNS:a.test" });
    next = read_text(
        issue("other", &(struct wish){ .subject = "b", .names = "DNS:b.test" }));
    (void)snprintf(line, sizeof line, "tls-cert = %s\n", folder);
    make_control(line);
}

static void tear_down(void)
{
    drop_control();
    problems_destroy(problems);
    free(next);
    remove_folder();
}

TestSuite(certificates, .timeout = 20, .init = set_up, .fini = tear_down);

static enum certificates_outcome set(const char *of, const char *pem)
{
    return certificates_set(control, &(struct tls_chain){ of, pem }, problems);
}

static enum certificates_outcome commit(const char *of)
{
    return certificates_commit(control, of, "test", problems);
}

static void expect_subject(const char *of, bool is_waiting, const char *subject)
{
    struct buffer facts = { 0 };
    char line[64];

    (void)snprintf(line, sizeof line, "\nSubject: /CN=%s\n", subject);
    cr_expect_geq(certificates_describe(control, of, is_waiting, &facts),
                  CERTIFICATES_UNUSED);
    cr_expect(strstr(buffer_text(&facts), line), "%s", buffer_text(&facts));
    buffer_deinit(&facts);
}

static enum certificates_state state_of(const char *of)
{
    struct buffer facts = { 0 };
    enum certificates_state state = certificates_describe(control, of, false, &facts);

    buffer_deinit(&facts);
    return state;
}

static size_t count_listed(bool are_waiting)
{
    size_t count;
    const char **paths = certificates_list(control, are_waiting, &count);

    free(paths);
    return count;
}

Test(certificates, wait_until_they_are_committed)
{
    cr_expect_eq(set(path, next), CERTIFICATES_BEGUN);
    cr_expect_eq(set(path, next), CERTIFICATES_SET_AGAIN);
    expect_subject(path, false, "a");
    expect_subject(path, true, "b");
    cr_expect_eq(count_listed(true), 1);

    cr_expect_eq(commit(path), CERTIFICATES_DONE);
    expect_subject(path, false, "b");
    cr_expect_eq(count_listed(true), 0);
    cr_expect_eq(count_listed(false), 1);
    cr_expect_eq(commit(path), CERTIFICATES_NOT_SET);
}

Test(certificates, are_those_of_the_files_after_a_reload)
{
    char line[256];

    (void)snprintf(line, sizeof line, "tls-cert = %s\n", folder);
    cr_expect_eq(set(path, next), CERTIFICATES_BEGUN);
    cr_expect_eq(commit(path), CERTIFICATES_DONE);
    cr_expect_eq(set(path, next), CERTIFICATES_BEGUN);
    cr_expect_eq(certificates_create(control, "/new"), CERTIFICATES_DONE);
    cr_assert(reload_with(line));

    expect_subject(path, false, "a");
    expect_subject(path, true, "b");
    cr_expect_eq(state_of("/new"), CERTIFICATES_ABSENT);
}

Test(certificates, are_committed_to_frontends_of_the_present_only)
{
    cr_expect_eq(set(path, next), CERTIFICATES_BEGUN);
    cr_assert(reload_with(""));
    cr_expect_eq(commit(path), CERTIFICATES_UNKNOWN);
    cr_expect_eq(certificates_abort(control, path), CERTIFICATES_DONE);
    cr_expect_eq(count_listed(true) + count_listed(false), 0);
}

Test(certificates, are_used_once_they_are_inserted)
{
    struct certificates_insertion what = { folder, "/new", "test" };

    cr_expect(certificates_has_folder(control, folder));
    cr_expect_not(certificates_has_folder(control, "/"));
    cr_expect_eq(certificates_insert(control, &what, problems), CERTIFICATES_UNKNOWN);
    cr_expect_eq(certificates_create(control, "/new"), CERTIFICATES_DONE);
    cr_expect_eq(certificates_create(control, "/new"), CERTIFICATES_TAKEN);
    cr_expect_eq(state_of("/new"), CERTIFICATES_EMPTY);
    cr_expect_eq(certificates_insert(control, &what, problems), CERTIFICATES_NOT_SET);
    cr_expect_eq(set("/new", next), CERTIFICATES_BEGUN);
    cr_expect_eq(commit("/new"), CERTIFICATES_DONE);
    cr_expect_eq(state_of("/new"), CERTIFICATES_UNUSED);
    cr_expect_eq(certificates_insert(control, &what, problems), CERTIFICATES_DONE);
    cr_expect_eq(certificates_insert(control, &what, problems), CERTIFICATES_IN_USE);
    cr_expect_eq(state_of("/new"), CERTIFICATES_USED);
    cr_expect_eq(certificates_delete(control, "/new", "test"), CERTIFICATES_IN_USE);
    cr_expect_eq(count_listed(false), 2);
}

Test(certificates, are_deleted_with_what_was_set)
{
    cr_expect_eq(certificates_create(control, path), CERTIFICATES_TAKEN);
    cr_expect_eq(certificates_delete(control, "/new", "test"), CERTIFICATES_UNKNOWN);
    cr_expect_eq(certificates_create(control, "/new"), CERTIFICATES_DONE);
    cr_expect_eq(set("/new", next), CERTIFICATES_BEGUN);
    cr_expect_eq(certificates_delete(control, "/new", "test"), CERTIFICATES_DONE);
    cr_expect_eq(certificates_abort(control, "/new"), CERTIFICATES_NOT_SET);
    cr_expect_eq(commit("/new"), CERTIFICATES_NOT_SET);
}

Test(certificates, are_refused_when_they_would_not_do)
{
    cr_expect_eq(set("/unknown", next), CERTIFICATES_UNKNOWN);
    cr_expect_eq(set(path, "nonsense"), CERTIFICATES_REFUSED);
    cr_expect_str_eq(strchr(said(problems), ':'), ": there is no certificate in it\n");
    cr_expect_eq(commit(path), CERTIFICATES_NOT_SET);
}

/* Too weak a key is found out when it is put to use. */
Test(certificates, are_kept_when_the_next_cannot_be_used)
{
    char *weak = read_text(
        issue("weak", &(struct wish){ .subject = "weak", .rsa_bits = 1024 }));

    cr_expect_eq(set(path, weak), CERTIFICATES_BEGUN);
    cr_expect_eq(commit(path), CERTIFICATES_REFUSED);
    cr_expect(strstr(said(problems), "not strong enough"), "%s", said(problems));
    expect_subject(path, false, "a");
    cr_expect_eq(count_listed(true), 1);
    free(weak);
}
