#include "base/log.h"

#include "base/buffer.h"
#include "base/problem.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/usher-log-XXXXXX";
static char path[64], moved[80];
static struct problems *problems;
static char found[1 << 20];

static void set_up(void)
{
    cr_assert_not_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/log", folder);
    (void)snprintf(moved, sizeof moved, "%s.1", path);
    (void)signal(SIGPIPE, SIG_IGN);
    problems = problems_create();
}

static void tear_down(void)
{
    log_close();
    problems_destroy(problems);
    (void)unlink(path);
    (void)unlink(moved);
    (void)rmdir(folder);
}

TestSuite(log, .init = set_up, .fini = tear_down, .timeout = 20);

static const char *content_of(const char *file)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    ssize_t length;

    cr_assert_neq(fd, -1, "%s", file);
    length = read(fd, found, sizeof found - 1);
    cr_assert_neq(length, -1);
    found[length] = '\0';
    (void)close(fd);
    return found;
}

/* Reads what lies ready. */
static const char *heard(int fd)
{
    size_t length = 0;
    ssize_t got;

    (void)fcntl(fd, F_SETFL, O_NONBLOCK);
    while ((got = read(fd, found + length, sizeof found - 1 - length)) > 0)
        length += (size_t)got;
    found[length] = '\0';
    return found;
}

static size_t count_lines(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += *text == '\n';
    return count;
}

/* Puts one end of what was opened in the place of standard error. */
static void become_stderr(int fd)
{
    cr_assert_neq(dup2(fd, STDERR_FILENO), -1);
}

Test(log, writes_a_time_and_a_level_before_the_sentence)
{
    int year, month, day, hour, minute, second, ms, end = 0;

    cr_assert(log_open(path, problems));
    log_warning("server went down  server=%s/%d", "app", 1);

    (void)sscanf(content_of(path), "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ%n", &year, &month, &day,
                 &hour, &minute, &second, &ms, &end);
    cr_assert_eq(end, 24);
    cr_expect_str_eq(found + end, " warning  server went down  server=app/1\n");
}

Test(log, knows_its_levels)
{
    static const char *const words[] = { "error", "warning", "notice", "info", "debug" };

    for (int i = 0; i < 5; i++)
        cr_expect_str_eq(log_level_name((enum log_level)i), words[i]);
    cr_expect_null(log_level_name((enum log_level)5));
}

Test(log, leaves_out_what_is_below_its_level)
{
    cr_assert(log_open(path, problems));

    log_set_level(LEVEL_NOTICE);
    log_info("hidden");
    log_notice("seen");
    log_error("seen");

    cr_expect_eq(count_lines(content_of(path)), 2);
    cr_expect_null(strstr(found, "hidden"));
    cr_expect(log_is_on(LEVEL_NOTICE));
    cr_expect_not(log_is_on(LEVEL_INFO));
}

static int asked;

static int ask(void)
{
    return ++asked;
}

Test(log, does_not_work_for_a_debug_line_nobody_reads)
{
    cr_assert(log_open(path, problems));

    log_debug("stage=%d", ask());
    cr_expect_eq(asked, 0);

    log_set_level(LEVEL_DEBUG);
    log_debug("stage=%d", ask());
    cr_expect_eq(asked, 1);
    cr_expect_not_null(strstr(content_of(path), "debug  stage=1\n"));
}

Test(log, cuts_an_endless_line_and_ends_it)
{
    static char endless[5000];

    memset(endless, 'x', sizeof endless - 1);
    cr_assert(log_open(path, problems));

    log_notice("%s", endless);
    log_notice("next");

    cr_assert_eq(count_lines(content_of(path)), 2);
    cr_expect_eq(strchr(found, '\n') - found, 2047);
    cr_expect(!strncmp(found + 2044, "...\n", 4));
}

Test(log, makes_one_line_of_one_event)
{
    cr_assert(log_open(path, problems));

    log_notice("one\ntwo\n");

    cr_expect_eq(count_lines(content_of(path)), 1);
    cr_expect_not_null(strstr(found, "notice  one two"));
}

Test(log, leaves_errno_alone)
{
    cr_assert(log_open(path, problems));

    errno = EDOM;
    log_notice("one");

    cr_expect_eq(errno, EDOM);
}

Test(log, appends_to_a_file_that_is_there)
{
    cr_assert(log_open(path, problems));
    log_notice("one");
    log_close();
    cr_assert(log_open(path, problems));
    log_notice("two");

    cr_expect_eq(count_lines(content_of(path)), 2);
}

Test(log, goes_on_in_a_new_file_after_reopening)
{
    cr_assert(log_open(path, problems));
    log_notice("early");
    cr_assert_eq(rename(path, moved), 0);
    log_notice("still the old one");
    cr_assert(log_reopen());
    log_notice("late");

    cr_expect_eq(count_lines(content_of(moved)), 2);
    cr_expect_eq(count_lines(content_of(path)), 1);
    cr_expect_not_null(strstr(found, "late"));
}

Test(log, keeps_the_old_file_when_reopening_fails)
{
    cr_assert(log_open(path, problems));
    cr_assert_eq(rename(path, moved), 0);
    cr_assert_eq(mkdir(path, 0700), 0);

    cr_expect_not(log_reopen());
    log_notice("still here");

    cr_expect_not_null(strstr(content_of(moved), "still here"));
    (void)rmdir(path);
}

Test(log, changes_from_one_target_to_another)
{
    cr_assert(log_open(path, problems));
    log_notice("one");
    cr_assert(log_open(moved, problems));
    log_notice("two");
    log_notice("three");

    cr_expect_eq(count_lines(content_of(path)), 1);
    cr_expect_eq(count_lines(content_of(moved)), 2);
}

Test(log, keeps_the_old_target_when_the_new_one_cannot_be_opened)
{
    static const char *const targets[] = {
        "",
        "/nowhere/at/all/log",
        "/tmp",
        "syslog:/nowhere/at/all",
        "syslog:/",
        "syslog:name.example:514",
        "syslog:127.0.0.1",
        "syslog:127.0.0.1:0",
        "syslog:",
        "syslog:fd@3",
    };
    size_t count = sizeof targets / sizeof *targets;

    cr_assert(log_open(path, problems));
    for (size_t i = 0; i < count; i++)
        cr_expect_not(log_open(targets[i], problems), "%s", targets[i]);
    log_notice("still here");

    cr_expect_eq(problems_count(problems), count);
    cr_expect_not_null(strstr(content_of(path), "still here"));
}

Test(log, says_why_a_file_cannot_be_opened)
{
    struct buffer out = { 0 };

    cr_assert_not(log_open("/nowhere/log", problems));
    problems_write(problems, &out);

    cr_expect_str_eq(buffer_text(&out),
                     "cannot open the log /nowhere/log: No such file or directory\n");
    buffer_deinit(&out);
}

Test(log, goes_to_stderr_before_anything_is_opened)
{
    int ends[2];

    cr_assert_eq(pipe(ends), 0);
    become_stderr(ends[1]);
    log_notice("early");

    cr_expect_not_null(strstr(heard(ends[0]), "notice  early\n"));
}

Test(log, does_not_change_the_flags_of_the_stderr_it_shares)
{
    int ends[2];

    cr_assert_eq(pipe(ends), 0);
    become_stderr(ends[1]);
    cr_assert(log_open("stderr", problems));
    log_notice("through a pipe");

    cr_expect_not_null(strstr(heard(ends[0]), "through a pipe\n"));
    cr_expect_not(fcntl(STDERR_FILENO, F_GETFL) & O_NONBLOCK);
}

Test(log, goes_through_a_stream_socket)
{
    int ends[2];

    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    become_stderr(ends[1]);
    cr_assert(log_open("stderr", problems));
    log_notice("through a socket");

    cr_expect_not_null(strstr(heard(ends[0]), "through a socket\n"));
}

Test(log, goes_to_stdout)
{
    int ends[2];

    cr_assert_eq(pipe(ends), 0);
    cr_assert_neq(dup2(ends[1], STDOUT_FILENO), -1);
    cr_assert(log_open("stdout", problems));
    log_notice("out");

    cr_expect_not_null(strstr(heard(ends[0]), "notice  out\n"));
}

Test(log, goes_to_a_terminal)
{
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    int other;

    cr_assert_neq(terminal, -1);
    cr_assert_eq(grantpt(terminal), 0);
    cr_assert_eq(unlockpt(terminal), 0);
    other = open(ptsname(terminal), O_RDWR | O_NOCTTY);
    cr_assert_neq(other, -1);
    become_stderr(other);
    cr_assert(log_open("stderr", problems));
    log_notice("on screen");

    cr_expect_not_null(strstr(heard(terminal), "notice  on screen"));
}

static uint64_t fill_until_dropped(void)
{
    while (!log_dropped())
        log_notice("filling");
    log_notice("too much");
    log_notice("too much");
    return log_dropped();
}

/* Would hang, and not drop, if a line could wait. */
static void expect_loss_and_recovery(int reader)
{
    char expected[64];

    cr_expect_eq(fill_until_dropped(), 3);
    (void)heard(reader);
    cr_expect_null(strstr(found, "too much"));
    log_notice("first after");
    log_notice("second after");

    (void)heard(reader);
    (void)snprintf(expected, sizeof expected, "warning  log lines were lost  lost=3\n");
    cr_expect_eq(count_lines(found), 3);
    cr_expect_not_null(strstr(found, expected));
    cr_expect_lt(strstr(found, expected), strstr(found, "first after"));
    cr_expect_eq(log_dropped(), 3);
}

Test(log, drops_and_counts_what_a_full_pipe_does_not_take)
{
    int ends[2];

    cr_assert_eq(pipe(ends), 0);
    become_stderr(ends[1]);
    cr_assert(log_open("stderr", problems));

    expect_loss_and_recovery(ends[0]);
}

Test(log, does_not_wait_for_a_full_pipe_before_it_is_opened)
{
    int ends[2];

    cr_assert_eq(pipe(ends), 0);
    become_stderr(ends[1]);

    expect_loss_and_recovery(ends[0]);
}

Test(log, does_not_wait_for_a_full_socket)
{
    int ends[2];

    cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    become_stderr(ends[1]);
    cr_assert(log_open("stderr", problems));

    expect_loss_and_recovery(ends[0]);
}

Test(log, drops_lines_nobody_will_ever_read)
{
    int ends[2];

    cr_assert_eq(pipe(ends), 0);
    become_stderr(ends[1]);
    cr_assert(log_open("stderr", problems));
    (void)close(ends[0]);
    log_notice("one");

    cr_expect_eq(log_dropped(), 1);
}

Test(log, counts_half_a_line_as_lost_and_begins_a_new_one)
{
    struct rlimit small = { 20, RLIM_INFINITY }, large = { RLIM_INFINITY, RLIM_INFINITY };

    (void)signal(SIGXFSZ, SIG_IGN);
    cr_assert(log_open(path, problems));
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    log_notice("cut");
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &large), 0);
    log_notice("whole");

    cr_expect_eq(log_dropped(), 1);
    cr_expect_eq(count_lines(content_of(path)), 3);
    cr_expect_eq(found[20], '\n');
    cr_expect_not_null(strstr(found, "warning  log lines were lost  lost=1\n"));
    cr_expect_not_null(strstr(found, "notice  whole\n"));
}

enum { THREADS = 4, LINES = 500 };

static void *write_lines(void *nothing)
{
    for (int i = 0; i < LINES; i++)
        log_notice("a line of its own  number=%d", i);
    return nothing;
}

Test(log, keeps_lines_of_many_threads_whole_while_files_change)
{
    pthread_t threads[THREADS];

    cr_assert(log_open(path, problems));
    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, write_lines, NULL), 0);
    for (int i = 0; i < 50; i++) {
        cr_expect(log_reopen());
        cr_expect(log_open(path, problems));
    }
    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_join(threads[i], NULL), 0);

    cr_expect_eq(count_lines(content_of(path)), THREADS * LINES);
    for (const char *line = found; *line; line = strchr(line, '\n') + 1)
        cr_assert(!strncmp(line + 24, " notice  a line of its own  number=", 35));
    cr_expect_eq(log_dropped(), 0);
}
