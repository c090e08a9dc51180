/* usher-agent: runs beside a server and tells an usher how much its host can take. */
#include "agent/agent_manual.h"
#include "agent/desk.h"
#include "agent/options.h"
#include "agent/outlook.h"
#include "agent/report.h"
#include "base/buffer.h"
#include "base/log.h"
#include "base/problem.h"
#include "base/version.h"

#include <ev.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const struct timespec short_window = { .tv_nsec = 500000000 };

static int report_once(const struct options *options)
{
    struct outlook *outlook = outlook_create(options);
    struct buffer text = { 0 };
    struct figures figures;
    struct report report;

    outlook_look(outlook);
    (void)nanosleep(&short_window, NULL);
    outlook_look(outlook);
    figures = outlook_figures(outlook);
    report = report_of(&figures, options);
    if (options->json)
        report_write_json(&figures, options, &text);
    else
        report_write_line(&report, &text);
    (void)fputs(buffer_text(&text), stdout);
    buffer_deinit(&text);
    outlook_destroy(outlook);
    return EXIT_SUCCESS;
}

static void on_stop(struct ev_loop *loop, ev_signal *stop, int events)
{
    (void)stop, (void)events;
    ev_break(loop, EVBREAK_ALL);
}

static int serve(const struct options *options)
{
    struct ev_loop *loop = ev_default_loop(EVBACKEND_EPOLL | EVFLAG_NOENV);
    struct desk *desk = desk_open(loop, options);
    ev_signal stops[2];

    if (!desk)
        return EXIT_FAILURE;
    ev_signal_init(&stops[0], on_stop, SIGTERM);
    ev_signal_init(&stops[1], on_stop, SIGINT);
    ev_signal_start(loop, &stops[0]);
    ev_signal_start(loop, &stops[1]);
    ev_run(loop, 0);
    desk_close(desk);
    ev_signal_stop(loop, &stops[0]);
    ev_signal_stop(loop, &stops[1]);
    ev_loop_destroy(loop);
    return EXIT_SUCCESS;
}

static int run(const struct options *options)
{
    struct problems *problems = problems_create();
    int status = EXIT_FAILURE;

    (void)signal(SIGPIPE, SIG_IGN);
    if (log_open("stderr", problems))
        status = serve(options);
    log_close();
    problems_destroy(problems);
    return status;
}

static void print_usage(FILE *out)
{
    struct buffer text = { 0 };

    option_write_usage(options_rows, &text);
    (void)fprintf(out,
                  "usage: usher-agent [OPTION...]  tell an usher how much this host can "
                  "take\n%sUp to FROM the server gets all of its weight, from TO on a "
                  "tenth; `off` is to pay\nno heed. Who says \"json\" first is answered "
                  "in JSON.\n",
                  buffer_text(&text));
    buffer_deinit(&text);
}

static void print_manual(void)
{
    struct buffer text = { 0 };

    agent_manual_write(&text);
    (void)fputs(buffer_text(&text), stdout);
    buffer_deinit(&text);
}

static int complain(const struct options *options)
{
    (void)fprintf(stderr, "usher-agent: %s %s\n", options->word, options->trouble);
    print_usage(stderr);
    return 2;
}

int main(int count, char **words)
{
    struct options options = options_read(count, words);
    int status = EXIT_SUCCESS;

    if (options.trouble)
        status = complain(&options);
    else if (options.help)
        print_usage(stdout);
    else if (options.manual)
        print_manual();
    else if (options.version)
        (void)puts("usher-agent " USHER_VERSION);
    else if (options.once || options.json)
        status = report_once(&options);
    else
        status = run(&options);
    options_deinit(&options);
    return status;
}
