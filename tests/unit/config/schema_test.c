#include "config/schema.h"

#include "config/rows.h"
#include "reading.h"

static struct buffer keys;

static void set_up(void)
{
    schema_write(&keys);
}

static void tear_down(void)
{
    buffer_deinit(&keys);
}

TestSuite(schema, .init = set_up, .fini = tear_down);

Test(schema, is_what_conf_usher_ini_says)
{
    FILE *file = fopen("conf/usher.ini", "re");
    struct buffer text = { 0 };
    char piece[4096];
    size_t length;

    cr_assert(file);
    while ((length = fread(piece, 1, sizeof piece, file)))
        buffer_add(&text, piece, length);
    cr_expect_eq(fclose(file), 0);
    cr_expect_str_eq(buffer_text(&text), buffer_text(&keys),
                     "write it again: build/usher --keys > conf/usher.ini");
    buffer_deinit(&text);
}

Test(schema, writes_a_configuration_that_can_be_read)
{
    struct settings *settings = read_good("keys", buffer_text(&keys));

    cr_expect_eq(settings->frontend_count, 1);
    cr_expect_eq(settings->backend_count, 1);
    cr_expect_eq(settings->backends[0].server_count, 3);
    cr_expect_eq(settings->admin.socket_count, 1);
    settings_destroy(settings);
}

Test(schema, writes_every_key_and_option)
{
    for (size_t i = 0; i < SECTIONS; i++) {
        const struct section_row *row = schema_section((enum section_id)i);

        cr_expect_eq(row->id, i);
        for (const struct key *key = row->keys; key && key->name; key = key_next(key)) {
            char line[64];

            bool is_set = (key->initial || key->required) && !*key->needs &&
                          !key->of_check && !key->of_server_tls;

            (void)snprintf(line, sizeof line, "\n%s%s = ", is_set ? "" : "; ", key->name);
            cr_expect(strstr(buffer_text(&keys), line), "%s", key->name);
            cr_expect(key->help, "%s", key->name);
        }
    }
}
