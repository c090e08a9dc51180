#include "base/log.h"
#include "base/problem.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char folder[] = "/tmp/usher-log-XXXXXX";
static char path[64], target[80];
static struct problems *problems;
static char found[4096];

static void set_up(void)
{
    cr_assert_not_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/log", folder);
    (void)snprintf(target, sizeof target, "syslog:%s", path);
    problems = problems_create();
}

static void tear_down(void)
{
    log_close();
    problems_destroy(problems);
    (void)unlink(path);
    (void)rmdir(folder);
}

TestSuite(log_target, .init = set_up, .fini = tear_down, .timeout = 20);

static int listen_for_syslog(const char *where)
{
    struct sockaddr_un local = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    (void)snprintf(local.sun_path, sizeof local.sun_path, "%s", where);
    cr_assert_eq(bind(fd, (struct sockaddr *)&local, sizeof local), 0);
    return fd;
}

static const char *receive(int fd)
{
    ssize_t length = recv(fd, found, sizeof found - 1, 0);

    cr_assert_neq(length, -1);
    found[length] = '\0';
    return found;
}

Test(log_target, speaks_to_the_syslog_of_this_machine)
{
    char expected[64];
    char month[4];
    int day, hour, minute, second, end = 0;
    int daemon = listen_for_syslog(path);

    cr_assert(log_open(target, problems));
    log_warning("server went down");

    (void)sscanf(receive(daemon), "<28>%3s %d %d:%d:%d %n", month, &day, &hour, &minute,
                 &second, &end);
    cr_assert_eq(end, 20, "%s", found);
    (void)snprintf(expected, sizeof expected, "usher[%d]: warning  server went down",
                   (int)getpid());
    cr_expect_str_eq(found + end, expected);
}

Test(log_target, finds_a_restarted_syslog_again)
{
    int daemon = listen_for_syslog(path);

    cr_assert(log_open(target, problems));
    (void)close(daemon);
    log_notice("lost");
    (void)unlink(path);
    log_notice("lost as well");
    cr_expect_eq(log_dropped(), 2);

    daemon = listen_for_syslog(path);
    log_notice("back");

    cr_expect_not_null(strstr(receive(daemon), "warning  log lines were lost  lost=2"));
    cr_expect_not_null(strstr(receive(daemon), "notice  back"));
}

Test(log_target, does_not_wait_for_a_syslog_that_sleeps)
{
    int daemon = listen_for_syslog(path);

    cr_assert(log_open(target, problems));

    while (!log_dropped())
        log_notice("filling");
    log_notice("too much");

    cr_expect_eq(log_dropped(), 2);
    (void)close(daemon);
}

Test(log_target, speaks_to_the_syslog_of_another_machine)
{
    struct sockaddr_in ip4 = { .sin_family = AF_INET };
    socklen_t length = sizeof ip4;
    int daemon = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    char name[66] = "", expected[160];

    ip4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    cr_assert_eq(bind(daemon, (struct sockaddr *)&ip4, sizeof ip4), 0);
    cr_assert_eq(getsockname(daemon, (struct sockaddr *)&ip4, &length), 0);
    (void)snprintf(target, sizeof target, "syslog:127.0.0.1:%d", ntohs(ip4.sin_port));
    cr_assert(log_open(target, problems));
    log_error("no server left");

    (void)gethostname(name, sizeof name - 1);
    (void)snprintf(expected, sizeof expected, "%s usher[%d]: error  no server left", name,
                   (int)getpid());
    cr_expect(!strncmp(receive(daemon), "<27>", 4));
    cr_expect_str_eq(found + 20, expected);
}

/* Standard error becomes a file, which is named as the journal's stream, or is not. */
static void become_stderr(const char *format)
{
    struct stat status;
    char stream[64];
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    cr_assert(fd != -1 && fstat(fd, &status) == 0);
    (void)snprintf(stream, sizeof stream, format, (uintmax_t)status.st_dev,
                   (uintmax_t)status.st_ino);
    cr_assert_eq(setenv("JOURNAL_STREAM", stream, 1), 0);
    cr_assert_neq(dup2(fd, STDERR_FILENO), -1);
    (void)close(fd);
}

static void read_file(void)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = read(fd, found, sizeof found - 1);

    cr_assert_neq(length, -1);
    found[length] = '\0';
    (void)close(fd);
}

Test(log_target, tells_journald_how_bad_it_is)
{
    become_stderr("%ju:%ju");
    cr_assert(log_open("stderr", problems));
    log_error("no server left");
    log_notice("reload");
    read_file();
    cr_expect_str_eq(found, "<3>error  no server left\n<5>notice  reload\n");
}

Test(log_target, knows_when_its_stream_is_not_the_journals)
{
    static const char *const others[] = { "%ju:1%ju", "1%ju:%ju", "%ju", "" };

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        become_stderr(others[i]);
        cr_assert(log_open("stderr", problems));
        log_notice("reload");
        log_close();
        read_file();
        cr_expect_neq(*found, '<', "%s: %s", others[i], found);
    }
}
