#include "config/network_list.h"

#include "reading.h"

static struct problems *problems;
static char path[64];
static struct network_settings lines[2];

static void set_up(void)
{
    enter_folder();
    problems = problems_create();
    (void)snprintf(path, sizeof path, "%s/list", own_folder);
    lines[0] = (struct network_settings){ .place = { "x.ini", 3 }, .text = "10.0.0.0/8" };
    lines[1] = (struct network_settings){ { "x.ini", 4 }, path, .is_file = true };
    cr_assert_null(network_parse(lines[0].text, &lines[0].network));
}

static void tear_down(void)
{
    problems_destroy(problems);
    leave_folder();
}

TestSuite(network_list, .init = set_up, .fini = tear_down);

static void expect_networks(const char *wanted)
{
    struct networks *networks = network_list_read(lines, 2, problems);
    struct buffer texts = { 0 };

    for (size_t i = 0; i < networks_count(networks); i++)
        buffer_format(&texts, "%s ", network_text(networks_at(networks, i)).chars);
    cr_expect_str_eq(buffer_text(&texts), wanted);
    buffer_deinit(&texts);
    networks_destroy(networks);
}

/* Each @ of the wanted report is the file. */
static void expect_report(const char *wanted)
{
    struct buffer report = { 0 }, exact = { 0 };

    for (; *wanted; wanted++) {
        if (*wanted == '@')
            buffer_add_text(&exact, path);
        else
            buffer_add(&exact, wanted, 1);
    }
    problems_write(problems, &report);
    cr_expect_str_eq(buffer_text(&report), buffer_text(&exact));
    buffer_deinit(&report);
    buffer_deinit(&exact);
}

Test(network_list, reads_one_network_a_line)
{
    write_file(path, "# who\n\n192.0.2.1 # why\r\n\t2001:db8::/32  \n10.0.0.0/8\n::1");
    expect_networks("10.0.0.0/8 192.0.2.1 2001:db8::/32 ::1 ");
    expect_report("");
}

Test(network_list, may_be_an_empty_file)
{
    write_file(path, "");
    expect_networks("10.0.0.0/8 ");
    expect_report("");
}

Test(network_list, reports_lines_and_goes_on)
{
    static const char text[] = "10.0.0.1 10.0.0.2\nexample.com\n::1\n1.2.3.4/5\x01\n"
                               "1.1.1.1\0 \n";

    write_bytes(path, text, sizeof text - 1);
    expect_networks("10.0.0.0/8 ::1 ");
    expect_report(
        "@:1: 10.0.0.1: nothing but one network may stand in a line\n"
        "@:2: example.com: a network is an IPv4 or IPv6 address, and may have a "
        "prefix: 10.0.0.0/8\n"
        "@:4: 1.2.3.4/5\\x01: the prefix of an IPv4 network is 0 to 32\n"
        "@:5: 1.1.1.1: a byte 0x00 follows, which is no text\n");
}

Test(network_list, gives_up_on_another_kind_of_file)
{
    write_file(path, "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n");
    expect_networks("10.0.0.0/8 ");
    cr_expect_eq(problems_count(problems), 11);
}

Test(network_list, reports_files_that_are_not_there)
{
    expect_networks("10.0.0.0/8 ");
    expect_report("x.ini:4: cannot open @: No such file or directory\n");
}
