/* One table of keys; a filter and a question read theirs before it. */
#include "usherctl/top.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ERASE = 0x7f, BACKSPACE = '\b' };

void top_init(struct top *top, enum arrange_order order, const char *filter)
{
    *top = (struct top){ .order = order, .height = 1 };
    (void)snprintf(top->filter, sizeof top->filter, "%s", filter);
}

void top_deinit(struct top *top)
{
    free(top->rows);
}

/* Keeps the chosen row on the screen. */
static void scroll(struct top *top)
{
    size_t last_first = top->count > top->height ? top->count - top->height : 0;

    if (top->selected < top->first)
        top->first = top->selected;
    if (top->selected >= top->first + top->height)
        top->first = top->selected - top->height + 1;
    if (top->first > last_first)
        top->first = last_first;
}

static void choose(struct top *top, size_t row)
{
    top->selected = row < top->count ? row : top->count - (top->count > 0);
    if (top->count) {
        top->key = survey_key(top->rows[top->selected]);
        top->kind = top->rows[top->selected]->kind;
    }
    scroll(top);
}

static bool is_chosen(const struct top *top, size_t row)
{
    return top->rows[row]->kind == top->kind &&
           !strcmp(survey_key(top->rows[row]).chars, top->key.chars);
}

static void arrange_again(struct top *top)
{
    struct arrange_wish wish = { top->order, top->filter };
    size_t row = 0;

    if (!top->survey)
        return;
    top->count = arrange(top->survey, &wish, top->rows);
    while (row < top->count && !is_chosen(top, row))
        row++;
    choose(top, row < top->count ? row : top->selected);
}

void top_show(struct top *top, const struct survey *survey)
{
    top->survey = survey;
    free(top->rows);
    top->rows = memory_new_array(survey->count + 1, sizeof *top->rows);
    arrange_again(top);
}

void top_resize(struct top *top, size_t height)
{
    top->height = height ? height : 1;
    scroll(top);
}

static enum top_request go_up(struct top *top)
{
    choose(top, top->selected - (top->selected > 0));
    return TOP_NOTHING;
}

static enum top_request go_down(struct top *top)
{
    choose(top, top->selected + 1);
    return TOP_NOTHING;
}

static enum top_request go_page_up(struct top *top)
{
    choose(top, top->selected > top->height ? top->selected - top->height : 0);
    return TOP_NOTHING;
}

static enum top_request go_page_down(struct top *top)
{
    choose(top, top->selected + top->height);
    return TOP_NOTHING;
}

static enum top_request go_home(struct top *top)
{
    choose(top, 0);
    return TOP_NOTHING;
}

static enum top_request go_end(struct top *top)
{
    choose(top, top->count);
    return TOP_NOTHING;
}

/* False, and a message, when no server is chosen. */
static bool prepare(struct top *top, const char *state)
{
    if (!top->count || top->kind != SURVEY_SERVER) {
        (void)snprintf(top->message, sizeof top->message, "choose a server first");
        return false;
    }
    (void)snprintf(top->command, sizeof top->command, "set server %s state %s",
                   top->key.chars, state);
    return true;
}

static enum top_request drain(struct top *top)
{
    return prepare(top, "drain") ? TOP_SAY : TOP_NOTHING;
}

static enum top_request make_ready(struct top *top)
{
    return prepare(top, "ready") ? TOP_SAY : TOP_NOTHING;
}

static enum top_request ask_for_maint(struct top *top)
{
    if (prepare(top, "maint"))
        top->mode = TOP_QUESTION;
    return TOP_NOTHING;
}

static enum top_request sort(struct top *top)
{
    top->order = (enum arrange_order)((top->order + 1) % ARRANGE_ORDERS);
    arrange_again(top);
    return TOP_NOTHING;
}

static enum top_request begin_filter(struct top *top)
{
    top->mode = TOP_FILTER;
    return TOP_NOTHING;
}

static enum top_request show_help(struct top *top)
{
    top->mode = TOP_HELP;
    return TOP_NOTHING;
}

static enum top_request quit(struct top *top)
{
    (void)top;
    return TOP_QUIT;
}

static const struct top_binding bindings[] = {
    { TOP_UP, 'k', "up, k", "one row up", go_up },
    { TOP_DOWN, 'j', "down, j", "one row down", go_down },
    { TOP_PAGE_UP, 0, "page up", "a screen up", go_page_up },
    { TOP_PAGE_DOWN, ' ', "page down", "a screen down", go_page_down },
    { TOP_HOME, 'g', "home, g", "to the first row", go_home },
    { TOP_END, 'G', "end, G", "to the last row", go_end },
    { 'd', 0, "d", "drain the chosen server: no new sessions, present ones finish",
      drain },
    { 'r', 0, "r", "make it ready: it serves again", make_ready },
    { 'm', 0, "m", "put it into maintenance, after a question", ask_for_maint },
    { 's', 0, "s", "sort by the next key", sort },
    { '/', 0, "/", "show only rows with a text", begin_filter },
    { 'h', '?', "h, ?", "this help", show_help },
    { 'q', 0, "q", "quit", quit },
};

enum { BINDINGS = sizeof bindings / sizeof *bindings };

const struct top_binding *top_binding(size_t index)
{
    return index < BINDINGS ? &bindings[index] : NULL;
}

static enum top_request press_at_table(struct top *top, int key)
{
    for (size_t i = 0; i < BINDINGS; i++)
        if (key == bindings[i].key || key == bindings[i].other)
            return bindings[i].press(top);
    return TOP_NOTHING;
}

static void edit(struct top *top, int key)
{
    size_t length = strlen(top->filter);

    if (key == TOP_ESCAPE) {
        *top->filter = '\0';
    } else if (key == TOP_BACKSPACE || key == ERASE || key == BACKSPACE) {
        top->filter[length - (length > 0)] = '\0';
    } else if (key >= ' ' && key < ERASE && length + 1 < sizeof top->filter) {
        top->filter[length] = (char)key;
        top->filter[length + 1] = '\0';
    }
}

static enum top_request press_at_filter(struct top *top, int key)
{
    edit(top, key);
    if (key == TOP_ENTER || key == TOP_ESCAPE)
        top->mode = TOP_TABLE;
    arrange_again(top);
    return TOP_NOTHING;
}

/* Anything but y is no. */
static enum top_request press_at_question(struct top *top, int key)
{
    top->mode = TOP_TABLE;
    return key == 'y' || key == 'Y' ? TOP_SAY : TOP_NOTHING;
}

static enum top_request press_at_help(struct top *top, int key)
{
    top->mode = TOP_TABLE;
    return key == 'q' ? TOP_QUIT : TOP_NOTHING;
}

enum top_request top_press(struct top *top, int key)
{
    static enum top_request (*const presses[])(struct top *, int) = {
        [TOP_TABLE] = press_at_table,
        [TOP_FILTER] = press_at_filter,
        [TOP_QUESTION] = press_at_question,
        [TOP_HELP] = press_at_help,
    };

    if (top->mode == TOP_TABLE)
        *top->message = '\0';
    return presses[top->mode](top, key);
}

void top_write_bottom(const struct top *top, char *out, size_t size)
{
    if (top->mode == TOP_FILTER)
        (void)snprintf(out, size, "filter: %s_  (enter: keep, escape: all rows)",
                       top->filter);
    else if (top->mode == TOP_QUESTION)
        (void)snprintf(out, size, "%s: its sessions go on, checks stop: y or n?",
                       top->command);
    else if (top->mode == TOP_HELP)
        (void)snprintf(out, size, "any key goes back");
    else if (*top->message)
        (void)snprintf(out, size, "%s", top->message);
    else
        (void)snprintf(out, size,
                       "d drain  r ready  m maint  s sort  / filter  h help  "
                       "q quit");
}
