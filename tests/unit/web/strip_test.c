#include "web/strip.h"

#include "backend/history.h"
#include "base/buffer.h"

#include <criterion/criterion.h>
#include <string.h>

static struct buffer out;
static struct history *history;

/* A unit of the picture is a second. */
static const struct strip strip = { 1000000, 1240000, "no check" };

static void tear_down(void)
{
    buffer_deinit(&out);
    history_destroy(history);
}

TestSuite(strip, .fini = tear_down);

static void note(unsigned second, const char *from, const char *to, const char *why)
{
    history_note(&history, &(struct history_change){ .at_ms = 1000000 + second * 1000,
                                                     .from = from,
                                                     .to = to,
                                                     .why = why,
                                                     .who = HISTORY_PROBE });
}

static const char *write_strip(void)
{
    buffer_clear(&out);
    strip_write(&strip, history, &out);
    return buffer_text(&out);
}

static size_t count_pieces(const char *text)
{
    size_t count = 0;

    while ((text = strstr(text, "<rect "))) {
        count++;
        text++;
    }
    return count;
}

Test(strip, is_of_one_piece_without_a_change)
{
    const char *text = write_strip();

    cr_expect(strstr(text, "<rect class=\"unchecked\" x=\"0\" width=\"240\""), "%s",
              text);
    cr_expect_eq(count_pieces(text), 1);
}

Test(strip, shows_when_what_and_why)
{
    const char *text;

    note(60, "up", "down", "<refused>");
    note(120, "down", "up", NULL);
    text = write_strip();

    cr_expect_eq(count_pieces(text), 3);
    cr_expect(strstr(text, "class=\"up\" x=\"0\" width=\"60\""), "%s", text);
    cr_expect(strstr(text,
                     "class=\"down\" x=\"60\" width=\"60\" height=\"20\"><title>down "
                     "since 00:17:40 UTC, by probe: &lt;refused&gt;</title>"),
              "%s", text);
    cr_expect(strstr(text, "class=\"up\" x=\"120\" width=\"120\""), "%s", text);
}

Test(strip, begins_with_what_was_before_it)
{
    history_note(&history,
                 &(struct history_change){ .at_ms = 500000, .from = "up", .to = "down" });
    cr_expect(strstr(write_strip(), "class=\"down\" x=\"0\" width=\"240\""));
}

Test(strip, keeps_short_pieces_visible_and_within)
{
    history_note(&history, &(struct history_change){
                               .at_ms = 1239999, .from = "up", .to = "down" });
    cr_expect(strstr(write_strip(), "class=\"down\" x=\"237\" width=\"3\""), "%s",
              buffer_text(&out));
}

Test(strip, leaves_out_what_is_no_state)
{
    note(60, "weight=1", "weight=5", "admin");
    cr_expect_eq(count_pieces(write_strip()), 1);
}

Test(strip, survives_a_clock_that_was_set_back)
{
    note(2000, "up", "down", NULL);
    cr_expect_eq(count_pieces(write_strip()), 1);
}
