/* The table of options, and what is around it in words. */
#include "agent/agent_manual.h"

#include "agent/options.h"
#include "base/roff.h"

static const char *const others[] = { "usher(8)", "usher.ini(5)", NULL };

static void write_description(struct buffer *out)
{
    roff_section(out, "DESCRIPTION");
    roff_paragraph(
        out, "usher-agent runs beside a server and reads CPU, memory and load of its "
             "host from /proc, and how full disks are. It answers whoever connects with "
             "a line of the agent protocol, such as `up 75%`, or with a JSON object if "
             "`json` is said first. usher asks it where `agent-port` says so; the server "
             "then gets this share of its weight.");
    roff_paragraph(
        out, "Up to FROM the server gets all of its weight, from TO on a tenth, in "
             "between a straight line. The worst figure counts, and `off` instead of "
             "FROM:TO leaves one out. Where a cgroup above usher-agent limits CPU "
             "(version 2) or memory, the use of that limit counts like the host's, "
             "whichever is worse.");
    roff_paragraph(out, "There is no password: listen where only usher can reach it.");
}

void agent_manual_write(struct buffer *out)
{
    roff_begin(out, &(struct roff_page){ "usher-agent", 8,
                                         "tell an usher how much this host can take" });
    roff_section(out, "SYNOPSIS");
    roff_synopsis(out, "usher-agent", "[OPTION ...]");
    write_description(out);
    roff_section(out, "OPTIONS");
    option_write_manual(options_rows, out);
    roff_section(out, "SIGNALS");
    roff_entry(out, "SIGTERM, SIGINT", NULL, "end");
    roff_section(out, "EXIT STATUS");
    roff_entry(out, "0", NULL, "it ended when told to, or printed what was asked for");
    roff_entry(out, "1", NULL, "it cannot listen there");
    roff_entry(out, "2", NULL, "the command line is wrong");
    roff_section(out, "EXAMPLES");
    roff_example(out, "usher-agent --once\n"
                      "usher-agent --listen 192.0.2.7:9099 --disk /var=90:98:down &\n"
                      "echo json | socat - TCP:192.0.2.7:9099\n");
    roff_see(out, others);
}
