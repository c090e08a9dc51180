#include "admin/figure.h"

#include "base/buffer.h"

#include <criterion/criterion.h>
#include <string.h>

static struct buffer out;

static const struct figure sessions = {
    .position = 4,
    .name = "scur",
    .kind = "MGP:u32",
    .help = "sessions now",
    .number = 7,
};
static const struct figure word = {
    .position = 56,
    .name = "last_chk",
    .kind = "MOP:str",
    .help = "what",
    .text = "a \"b\"",
};
static const struct figure constant = {
    .position = 11,
    .name = "dresp",
    .kind = "MCP:u64",
    .help = "always 0",
    .text = "0",
};
static const struct figure_object server = { "Server", 3, 1 };
static const struct figure_object process = { "", 0, 0 };

static void tear_down(void)
{
    buffer_deinit(&out);
}

TestSuite(figure, .fini = tear_down);

static const char *typed(const struct figure *figure, const struct figure_object *object,
                         bool has_help)
{
    buffer_clear(&out);
    figure_write_typed(figure, object, has_help, &out);
    return buffer_text(&out);
}

static const char *json(const struct figure *figure, const struct figure_object *object)
{
    buffer_clear(&out);
    figure_write_json(figure, object, &out);
    return buffer_text(&out);
}

Test(figure, is_typed_as_the_dialect_has_it)
{
    cr_expect_str_eq(typed(&sessions, &server, false), "S.3.1.4.scur.1:MGP:u32:7\n");
    cr_expect_str_eq(typed(&word, &server, false),
                     "S.3.1.56.last_chk.1:MOP:str:a \"b\"\n");
    cr_expect_str_eq(typed(&sessions, &process, false), "4.scur.1:MGP:u32:7\n");
}

Test(figure, says_what_it_means_when_asked)
{
    cr_expect_str_eq(typed(&constant, &process, true),
                     "11.dresp.1:MCP:u64:0:\"always 0\"\n");
}

Test(figure, is_an_object_of_json)
{
    cr_expect_str_eq(
        json(&sessions, &server),
        "{\"objType\":\"Server\",\"proxyId\":3,\"id\":1,\"field\":{\"pos\":4,"
        "\"name\":\"scur\"},\"processNum\":1,\"tags\":{\"origin\":\"Metric\","
        "\"nature\":\"Gauge\",\"scope\":\"Process\"},\"value\":{\"type\":"
        "\"u32\",\"value\":7}}");
}

Test(figure, of_the_process_has_no_owner_in_json)
{
    cr_expect_str_eq(
        json(&constant, &process),
        "{\"field\":{\"pos\":11,\"name\":\"dresp\"},\"processNum\":1,\"tags\":{"
        "\"origin\":\"Metric\",\"nature\":\"Counter\",\"scope\":\"Process\"},"
        "\"value\":{\"type\":\"u64\",\"value\":0}}");
}

Test(figure, keeps_quotes_inside_its_text)
{
    cr_expect(strstr(json(&word, &server), "\"value\":\"a \\\"b\\\"\"}}"), "%s",
              json(&word, &server));
}
