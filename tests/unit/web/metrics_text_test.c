#include "web/metrics_text.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <criterion/criterion.h>

static struct stat_row rows[] = {
    { .kind = STAT_FRONTEND, .proxy = "web", .name = "FRONTEND", .status = "OPEN" },
    { .kind = STAT_SERVER, .proxy = "app", .name = "a", .status = "UP 1/3" },
};
static struct snapshot snapshot = { .count = 2, .rows = rows };
static struct buffer out;
static struct metrics_text text = { .snapshot = &snapshot, .out = &out };
static const struct metrics_name name = { "usher_", "things_total", "How many",
                                          "counter" };

static void set_up(void)
{
    snapshot.arena = arena_create();
    text.labels = metrics_text_labels(&snapshot);
}

static void tear_down(void)
{
    arena_destroy(snapshot.arena);
    buffer_deinit(&out);
}

TestSuite(metrics_text, .init = set_up, .fini = tear_down);

Test(metrics_text, says_what_a_name_means)
{
    metrics_text_begin(&text, &name);
    cr_expect_str_eq(buffer_text(&out), "# HELP usher_things_total How many.\n"
                                        "# TYPE usher_things_total counter\n");
}

Test(metrics_text, writes_samples_with_their_labels)
{
    metrics_text_sample(&text, &name, SIZE_MAX, &(struct metrics_value){ .number = 7 });
    metrics_text_sample(&text, &name, 0, &(struct metrics_value){ .number = 8 });
    metrics_text_sample(&text, &name, 1,
                        &(struct metrics_value){ .number = 12034, .is_ms = true });
    metrics_text_sample(&text, &name, 1,
                        &(struct metrics_value){ .number = 1,
                                                 .label = "state",
                                                 .label_value = "UP",
                                                 .suffix = "_x" });
    metrics_text_sample(&text, &name, SIZE_MAX,
                        &(struct metrics_value){
                            .number = 2, .label = "le", .label_value = "+Inf" });
    cr_expect_str_eq(buffer_text(&out),
                     "usher_things_total 7\n"
                     "usher_things_total{proxy=\"web\"} 8\n"
                     "usher_things_total{proxy=\"app\",server=\"a\"} 12.034\n"
                     "usher_things_total_x{proxy=\"app\",server=\"a\",state=\"UP\"} 1\n"
                     "usher_things_total{le=\"+Inf\"} 2\n");
}

Test(metrics_text, has_one_word_for_each_status)
{
    static const char *const cases[][2] = {
        { "UP", "UP" },
        { "UP 1/3", "UP" },
        { "no check", "UP" },
        { "OPEN", "UP" },
        { "PAUSED", "DOWN" },
        { "DOWN 1/2", "DOWN" },
        { "DOWN (ejected)", "DOWN" },
        { "MAINT (resolution)", "MAINT" },
        { "DRAIN (agent)", "DRAIN" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct stat_row row = { .status = cases[i][0] };

        cr_expect_str_eq(metrics_text_state(&row), cases[i][1], "%s", cases[i][0]);
    }
}
