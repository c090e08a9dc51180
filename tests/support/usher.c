/* Starts, reloads and ends usher. */
#include "support/usher.h"

#include "support/kept.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/spawn.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { READY_MS = 10000, SOON_MS = 400, END_MS = 10000, TAIL = 3000 };

struct usher {
    struct usher *next;
    pid_t pid;
    int status; /* -1 while it runs */
    const char *folder, *config, *log, *admin;
    const char *web; /* NULL: not asked for yet */
};

/* So that what a test leaves behind is no leak. */
static struct usher *all;

const char *usher_program(void)
{
    const char *named = getenv("USHER");
    const char *path = named && *named ? named : "build/usher";
    char *program = realpath(path, NULL);

    cr_assert(program, "there is no program %s", path);
    return kept_text(program);
}

/* An [admin] without a path for a socket is given the one that is spoken to here. */
static const char *add_socket(const struct usher *usher, const char *text)
{
    const char *section = strstr(text, "[admin]\n");
    int length = section ? (int)(section - text) : 0;

    if (!section || strstr(section, "socket = /"))
        return text;
    return kept_format("%.*s[admin]\nsocket = %s\n%s", length, text, usher->admin,
                       section + strlen("[admin]\n"));
}

static void write_config(struct usher *usher, const char *format, va_list arguments)
{
    char *text = NULL;
    const char *global = "[global]\nworkers = 2\n", *admin;

    cr_assert_neq(vasprintf(&text, format, arguments), -1, "no memory");
    (void)kept_text(text);
    admin = kept_format("[admin]\nsocket = %s\n", usher->admin);
    (void)scratch_write(usher->folder, "usher.ini",
                        kept_format("%s\n%s%s", add_socket(usher, text),
                                    strstr(text, "[global]") ? "" : global,
                                    strstr(text, "[admin]") ? "" : admin));
}

bool usher_is_running(struct usher *usher)
{
    if (usher->status == -1)
        usher->status = spawn_wait(usher->pid, 0);
    return usher->status == -1;
}

static const char *log_tail(struct usher *usher)
{
    const char *log = usher_log(usher);
    size_t length = strlen(log);

    return length > TAIL ? log + length - TAIL : log;
}

static bool is_ready(struct usher *usher)
{
    const char *listeners;

    cr_assert(usher_is_running(usher), "usher ended with status %d:\n%s", usher->status,
              log_tail(usher));
    listeners = usher_try_admin(usher, "show listeners");
    return listeners && strchr(listeners, ':');
}

static struct usher *create(void)
{
    struct usher *usher = calloc(1, sizeof *usher);

    cr_assert(usher, "no memory");
    usher->next = all;
    all = usher;
    usher->status = -1;
    usher->folder = scratch_create();
    usher->config = scratch_path(usher->folder, "usher.ini");
    usher->log = scratch_path(usher->folder, "log");
    usher->admin = scratch_path(usher->folder, "admin.sock");
    return usher;
}

static void begin(struct usher *usher, const struct usher_options *options)
{
    const char *argv[] = { usher_program(), "-c", usher->config, NULL };
    struct spawn spawn = { .argv = argv,
                           .out = scratch_path(usher->folder, "out"),
                           .err = usher->log,
                           .pass_fd = options->pass_fd,
                           .descriptors = options->descriptors };

    usher->pid = spawn_begin(&spawn);
    if (!options->at_once)
        eventually(is_ready(usher), READY_MS);
}

struct usher *usher_start(const char *config, ...)
{
    struct usher *usher = create();
    va_list arguments;

    va_start(arguments, config);
    write_config(usher, config, arguments);
    va_end(arguments);
    begin(usher, &(struct usher_options){ 0 });
    return usher;
}

struct usher *usher_start_with(struct usher_options options, const char *config, ...)
{
    struct usher *usher = create();
    va_list arguments;

    va_start(arguments, config);
    write_config(usher, config, arguments);
    va_end(arguments);
    begin(usher, &options);
    return usher;
}

int usher_wait(struct usher *usher)
{
    if (usher->status == -1)
        usher->status = spawn_wait(usher->pid, patience_ms(END_MS));
    cr_assert_neq(usher->status, -1, "usher does not end:\n%s", log_tail(usher));
    return usher->status;
}

static void ask_to_end(struct usher *usher)
{
    usher_signal(usher, SIGTERM);
    usher->status = spawn_wait(usher->pid, patience_ms(SOON_MS));
    if (usher->status == -1)
        usher_signal(usher, SIGTERM);
}

void usher_stop(struct usher *usher)
{
    if (usher_is_running(usher))
        ask_to_end(usher);
    cr_assert_eq(usher_wait(usher), 0, "usher ended with status %d:\n%s", usher->status,
                 log_tail(usher));
    usher_forget(usher);
}

void usher_forget(struct usher *usher)
{
    (void)usher_wait(usher);
    scratch_remove(usher->folder);
}

void usher_signal(struct usher *usher, int signal)
{
    cr_assert_eq(kill(usher->pid, signal), 0, "usher is gone");
}

pid_t usher_pid(const struct usher *usher)
{
    return usher->pid;
}

const char *usher_folder(const struct usher *usher)
{
    return usher->folder;
}

void usher_limit_descriptors(struct usher *usher, uint64_t most)
{
    struct rlimit old, limit;

    cr_assert_eq(prlimit(usher->pid, RLIMIT_NOFILE, NULL, &old), 0, "prlimit");
    limit = (struct rlimit){ most, old.rlim_max };
    cr_assert_eq(prlimit(usher->pid, RLIMIT_NOFILE, &limit, NULL), 0, "prlimit");
}

void usher_rewrite(struct usher *usher, const char *config, ...)
{
    va_list arguments;

    va_start(arguments, config);
    write_config(usher, config, arguments);
    va_end(arguments);
    usher->web = NULL;
}

const char *usher_reload(struct usher *usher, const char *config, ...)
{
    va_list arguments;

    va_start(arguments, config);
    write_config(usher, config, arguments);
    va_end(arguments);
    usher->web = NULL;
    return usher_admin(usher, "reload");
}

const char *usher_admin_address(const struct usher *usher)
{
    return kept_format("unix:%s", usher->admin);
}

const char *usher_web(struct usher *usher)
{
    if (!usher->web)
        usher->web = usher_address(usher, "web", 0);
    return usher->web;
}

void usher_set_web(struct usher *usher, const char *address)
{
    usher->web = address;
}

const char *usher_log(struct usher *usher)
{
    return kept_file(usher->log);
}
