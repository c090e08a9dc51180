/* Files of certificates that are not what they should be: what usher says of them, and
 * that a reload with them changes nothing. */
#include "support/authority.h"
#include "support/client.h"
#include "support/kept.h"
#include "support/openssl.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/usher.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(certificate_file, .timeout = 90);

static struct authority *authority;
static struct origin *one, *other;
static struct usher *usher; /* it shows a good certificate */
static const char *good, *folder;

enum { LINE = 8 }; /* of the certificate */

/* Root gives up being root, or it could read everything. */
static const char *config(const char *path, const struct origin *origin)
{
    const char *user = geteuid() ? "\n" : "user = nobody\ngroup = nogroup";

    return kept_format("[global]\nworkers = 2\n%s\n" USHER_WEB "tls-cert = %s\n" USHER_APP
                       "check = off\nserver = a %s\n",
                       user, path, origin_address(origin));
}

static struct origin *serve_once(const char *name)
{
    return origin_serve((struct origin_plan){ .name = name, .script = origin_once });
}

/* Anybody may read what is here, until a test forbids it. */
static void prepare(void)
{
    authority = authority_create("tests");
    good = authority_name(authority, "good.test");
    folder = scratch_create();
    (void)scratch_write(folder, "a.pem", kept_file(good));
    one = serve_once("one");
    other = serve_once("other");
    usher = usher_start("%s", config(good, one));
    cr_assert_eq(chmod(usher_folder(usher), 0755), 0);
    cr_assert_eq(chmod(authority_folder(authority), 0755), 0);
    cr_assert_eq(chmod(folder, 0755), 0);
}

static void clear(void)
{
    usher_stop(usher);
    authority_remove(authority);
    (void)chmod(folder, 0755);
    scratch_remove(folder);
}

#define FILE_TEST(name) Test(certificate_file, name, .init = prepare, .fini = clear)

/* Who is served, and by which certificate. */
static bool shows(const char *subject, const char *name)
{
    struct spawned spawned = openssl_ask(usher_web(usher), "%s", "");

    return openssl_heard(&spawned, name) &&
           openssl_wrote(&spawned, kept_format("\nsubject=CN = %s\n", subject));
}

/* Each sentence with the place it is about. */
static const char *with_places(const char *const *sentences)
{
    const char *all = "";

    for (; *sentences; sentences++)
        all = kept_format("%s%s/usher.ini:%u: %s\n", all, usher_folder(usher), LINE,
                          *sentences);
    return all;
}

static void expect_no_start(const char *problems)
{
    const char *path = scratch_path(usher_folder(usher), "usher.ini");
    struct spawned tried = spawn_line("%s -t -c %s", usher_program(), path);
    struct spawned started = spawn_line("%s -c %s", usher_program(), path);

    cr_expect_eq(tried.status, 1);
    cr_expect_str_eq(tried.err, problems);
    cr_expect_eq(started.status, 1);
    cr_expect_str_eq(started.err, problems);
}

/* The rest of the new text does not come into force either. */
static void expect_no_reload(const char *path, const char *problems, unsigned count)
{
    const char *answer = usher_reload(usher, "%s", config(path, other));

    cr_expect_str_eq(answer,
                     kept_format("refused: %u problem%s; generation 1 goes on\n%s\n",
                                 count, count == 1 ? "" : "s", problems));
    cr_expect(shows("good.test", "one"), "after %s", answer);
}

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void expect_refused(const char *path, const char *const *sentences)
{
    const char *problems = with_places(sentences);
    unsigned count = 0;

    while (sentences[count])
        count++;
    expect_no_reload(path, problems, count);
    expect_no_start(problems);
}

FILE_TEST(that_is_not_there)
{
    expect_refused("/nowhere/a.pem",
                   LIST("/nowhere/a.pem: cannot be read: No such file or directory"));
}

FILE_TEST(without_its_key)
{
    const char *path = scratch_write(folder, "alone.pem",
                                     kept_file(scratch_path(authority_folder(authority),
                                                            "1.crt")));

    expect_refused(path, LIST(kept_format("%s: the private key is missing; put it into "
                                          "the file or beside it as %s.key",
                                          path, path)));
}

FILE_TEST(in_a_folder_with_good_ones)
{
    const char *path = scratch_write(folder, "b.pem", "hello\n");

    expect_refused(folder, LIST(kept_format("%s: there is no certificate in it", path)));
}

FILE_TEST(of_many_is_told_with_all_that_are_bad)
{
    const char *first = scratch_write(folder, "b.pem", "hello\n");
    const char *second = scratch_write(folder, "c.crt", "hello\n");

    expect_refused(folder,
                   LIST(kept_format("%s: there is no certificate in it", first),
                        kept_format("%s: there is no certificate in it", second)));
}

/* Nobody writes to it: who reads it waits for ever. */
FILE_TEST(that_is_a_fifo_hangs_nobody)
{
    const char *path = scratch_path(folder, "b.pem");
    const char *staple = scratch_path(folder, "a.pem.ocsp");

    cr_assert_eq(mkfifo(path, 0644), 0);
    cr_assert_eq(mkfifo(staple, 0644), 0);
    expect_refused(folder, LIST(kept_format("%s: cannot be read: it is no file", staple),
                                kept_format("%s: cannot be read: it is no file", path)));
    expect_refused(kept_format("%s\ntls-client-ca = %s\ntls-verify = optional", good,
                               path),
                   LIST(kept_format("%s: cannot be read: it is no file", path)));
}

FILE_TEST(in_an_empty_folder)
{
    cr_assert_eq(remove(scratch_path(folder, "a.pem")), 0);
    expect_refused(folder,
                   LIST(kept_format("%s: there is no *.pem or *.crt in this folder",
                                    folder)));
}

/* Root reads everything: who starts usher as root learns of it at a reload. */
FILE_TEST(in_a_folder_that_may_not_be_read)
{
    const char *sentence = kept_format("%s: cannot be read: Permission denied", folder);
    const char *problems = with_places(LIST(sentence));

    cr_assert_eq(chmod(folder, 0), 0);
    expect_no_reload(folder, problems, 1);
    if (geteuid() != 0)
        expect_no_start(problems);
}

FILE_TEST(that_may_not_be_read)
{
    const char *path = scratch_path(folder, "a.pem");
    const char *sentence = kept_format("%s: cannot be read: Permission denied", path);
    const char *problems = with_places(LIST(sentence));

    cr_assert_eq(chmod(path, 0), 0);
    expect_no_reload(path, problems, 1);
    expect_no_reload(folder, problems, 1);
    if (geteuid() != 0)
        expect_no_start(problems);
}

/* It may be renewed later, and some clients do not mind. */
FILE_TEST(that_has_expired_is_served_with_a_warning)
{
    const char *late = authority_sign(authority,
                                      (struct identity){ "late.test", "DNS:late.test", -1,
                                                         NULL });
    const char *web = kept_format(USHER_WEB "tls-cert = %s\n" USHER_APP
                                            "check = off\nserver = a %s\n",
                                  late, origin_address(other));
    const char *warning = kept_format("usher.ini:4: warning: %s: the certificate expired",
                                      late);
    const char *answer;

    usher_stop(usher);
    usher = usher_start("%s", web);
    eventually(usher_logged(usher, " warning ", warning, NULL), 3000);
    cr_expect(shows("late.test", "other"));

    answer = usher_reload(usher, "%s# again\n", web);
    cr_expect_eq(strncmp(answer, "applied", 7), 0, "%s", answer);
    cr_expect(strstr(answer, warning), "%s", answer);
    cr_expect_eq(usher_log_count(usher, warning), 2);
    cr_expect(shows("late.test", "other"));
}
