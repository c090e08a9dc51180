#include "health/check_place.h"

#include "backend/backend_settings.h"

#include <criterion/criterion.h>

static struct address parse(const char *text)
{
    struct address_parts parts;

    cr_assert_null(address_parse(text, &parts));
    return parts.address;
}

static const char *find(const struct check_settings *settings, const char *own)
{
    static struct address_text text;
    struct address place, at = parse(own);

    text = address_text(check_place_find(settings, &at, &place));
    return text.chars;
}

Test(check_place, is_the_server_s_own_but_for_what_the_settings_say)
{
    struct check_settings settings = { .port = 0 };

    cr_expect_str_eq(find(&settings, "127.0.0.1:80"), "127.0.0.1:80");
    settings.port = 81;
    cr_expect_str_eq(find(&settings, "127.0.0.1:80"), "127.0.0.1:81");
    settings.address = (struct check_address){ "x", parse("127.0.0.9:0") };
    cr_expect_str_eq(find(&settings, "127.0.0.1:80"), "127.0.0.9:81");
    settings.port = 0;
    cr_expect_str_eq(find(&settings, "127.0.0.1:80"), "127.0.0.9:80");
    cr_expect_str_eq(find(&settings, "unix:/x"), "unix:/x");
}

Test(check_place, is_nowhere_for_a_server_without_an_address)
{
    struct check_settings settings = { .port = 81 };
    struct address place;

    cr_expect_null(check_place_find(&settings, NULL, &place));
}

Test(check_place, takes_sources_of_the_same_kind_in_turn)
{
    struct source_settings sources[] = { { .address = parse("127.0.0.2:0") },
                                         { .address = parse("[::1]:0") },
                                         { .address = parse("127.0.0.3:0") } };
    struct check_settings settings = { .source_count = 3, .sources = sources };
    struct address there = parse("127.0.0.1:80"), local = parse("unix:/x");
    size_t turn = 0;

    cr_expect_eq(check_place_source(&settings, &there, &turn), &sources[0].address);
    cr_expect_eq(check_place_source(&settings, &there, &turn), &sources[2].address);
    cr_expect_eq(check_place_source(&settings, &there, &turn), &sources[0].address);
    cr_expect_null(check_place_source(&settings, &local, &turn));
    cr_expect_null(check_place_source(&settings, NULL, &turn));
}
