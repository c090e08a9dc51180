/* What tables say is printed from them; what is around it stands here, in words. */
#include "manual.h"

#include "admin/command_manual.h"
#include "base/option.h"
#include "base/roff.h"
#include "control/signals.h"
#include "proxy/ending.h"

#include <stddef.h>

struct pair {
    const char *term, *text;
};

static const char *const others[] = { "usher.ini(5)", "usherctl(1)", "usher-agent(8)",
                                      NULL };

static const char *const description[] = {
    "usher listens at the front door, sends each client to one of the servers of a "
    "backend, and moves bytes both ways. It can speak TLS on either side, and route by "
    "the name in a TLS greeting without ending the TLS. It asks the servers whether "
    "they are well, in their own language, and sends nobody to one that is not.",
    "usher is one process, which reads its configuration again in place: open sessions, "
    "health, counters and turns stay, and a listening socket that stays in the file is "
    "never closed. The configuration is told of in usher.ini(5).",
};

static const char *const admin[] = {
    "With a `socket` in `[admin]`, usher answers on a UNIX socket in the runtime dialect "
    "of HAProxy's stats socket. A line holds one command, or several with ; between "
    "them; each answer ends in an empty line, and the connection is closed after the "
    "last one, unless `prompt` came first. usherctl(1) is a client of it, and so is any "
    "tool that connects to UNIX sockets:",
};

static const char *const http[] = {
    "With an `http` in `[admin]`, usher answers browsers and monitors, who can change "
    "nothing.",
};

static const struct pair paths[] = {
    { "/", "a status page" },
    { "/;csv", "the figures of `show stat`" },
    { "/metrics", "figures for Prometheus: the names of HAProxy's exporter, and usher's "
                  "own" },
    { "/healthz", "200 while any frontend has somebody to send sessions to, else 503" },
    { "/healthz/FRONTEND", "the same of one frontend" },
};

static const char *const log_lines[] = {
    "One event is a line: time, level, a sentence, and what machines want to know of it "
    "as `KEY=VALUE`. Levels are error, warning, notice, info and debug. A session has a "
    "line of the level info when it is over; `log-format` makes JSON of all lines, or "
    "lines of sessions that HAProxy's tools read.",
};

static const struct pair fields[] = {
    { "session", "its number, the same in all its lines" },
    { "client", "the address of the client; behind a PROXY header the announced one" },
    { "frontend, backend, server", "who served it; - for none" },
    { "stage", "how far it came: greet, choose, wait, pause, reach, relay or finish" },
    { "in, out", "bytes from the client, and to it" },
    { "queue, connect, total", "how long it waited for a free server, how long until "
                               "the server accepted (-1ms: none did), and all in all" },
    { "tries", "servers that it was tried with" },
    { "tls, name", "version of TLS with the client, and the name it asked for; left "
                   "out without TLS" },
    { "ending", "why it is over:" },
};

static const struct pair environment[] = {
    { "NOTIFY_SOCKET", "usher tells a service manager here when it is ready, reloads and "
                       "stops, and how it is; as systemd's Type=notify wants it" },
    { "WATCHDOG_USEC", "the service manager is told twice in this time that main and all "
                       "workers are alive" },
    { "JOURNAL_STREAM", "where it names the stream that is logged to, lines begin with "
                        "their priority, and bear no time of their own" },
};

static const struct pair statuses[] = {
    { "0", "it ended when told to; the file is good; what was asked for is printed" },
    { "1", "the configuration has problems, or the system does not allow what it wants" },
    { "2", "the command line is wrong" },
};

static const struct pair files[] = {
    { "/etc/usher/usher.ini", "the configuration, where the systemd unit expects it" },
    { "/run/usher/", "for the admin socket and the pid file" },
    { "/var/log/usher/", "for log files" },
    { "/var/lib/usher/", "for the state file" },
};

static void write_paragraphs(const char *const *texts, size_t count, struct buffer *out)
{
    for (size_t i = 0; i < count; i++)
        roff_paragraph(out, texts[i]);
}

static void write_pairs(const struct pair *pairs, size_t count, struct buffer *out)
{
    for (size_t i = 0; i < count; i++)
        roff_entry(out, pairs[i].term, NULL, pairs[i].text);
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void write_synopsis(struct buffer *out)
{
    roff_section(out, "SYNOPSIS");
    roff_synopsis(out, "usher", "-c FILE");
    roff_synopsis(out, "usher", "-t -c FILE");
    roff_synopsis(out, "usher", "--demo | --keys | --manual PAGE | --version | --help");
}

static void write_signals(struct buffer *out)
{
    roff_section(out, "SIGNALS");
    for (size_t i = 0; signals_row(i); i++)
        roff_entry(out, signals_row(i)->name, NULL, signals_row(i)->help);
}

static void write_admin(struct buffer *out)
{
    roff_section(out, "ADMIN SOCKET");
    write_paragraphs(admin, COUNT(admin), out);
    roff_example(out, "echo \"show stat\" | socat - UNIX:/run/usher/admin.sock\n");
    roff_paragraph(out, "A socket has a level, and so has each command: the level must "
                        "be at least that of the command.");
    command_manual_write(out);
}

static void write_http(struct buffer *out)
{
    roff_section(out, "HTTP");
    write_paragraphs(http, COUNT(http), out);
    write_pairs(paths, COUNT(paths), out);
}

static void write_log(struct buffer *out)
{
    roff_section(out, "LOG");
    write_paragraphs(log_lines, COUNT(log_lines), out);
    write_pairs(fields, COUNT(fields), out);
    roff_indent(out);
    for (unsigned ending = ENDING_NONE + 1; ending < ENDINGS; ending++)
        roff_entry(out, ending_facts((enum ending)ending)->name, NULL,
                   ending_facts((enum ending)ending)->text);
    roff_outdent(out);
}

static void write_examples(struct buffer *out)
{
    roff_section(out, "EXAMPLES");
    roff_paragraph(out, "See it at work; test a file, and serve by it; have it read "
                        "again:");
    roff_example(out, "usher --demo\n"
                      "usher -t -c /etc/usher/usher.ini\n"
                      "usher -c /etc/usher/usher.ini\n"
                      "kill -HUP $(cat /run/usher/usher.pid)\n");
}

void manual_write(const struct option_row *options, struct buffer *out)
{
    roff_begin(out, &(struct roff_page){ "usher", 8, "a TCP load-balancing proxy" });
    write_synopsis(out);
    roff_section(out, "DESCRIPTION");
    write_paragraphs(description, COUNT(description), out);
    roff_section(out, "OPTIONS");
    option_write_manual(options, out);
    write_signals(out);
    write_admin(out);
    write_http(out);
    write_log(out);
    roff_section(out, "ENVIRONMENT");
    write_pairs(environment, COUNT(environment), out);
    roff_section(out, "EXIT STATUS");
    write_pairs(statuses, COUNT(statuses), out);
    roff_section(out, "FILES");
    write_pairs(files, COUNT(files), out);
    write_examples(out);
    roff_see(out, others);
}
