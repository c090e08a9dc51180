/* A reading of the configuration goes on after the first mistake, so that an operator
 * sees all of them at once, in the order of the file and not in that of the checks. */
#include "base/problem.h"

#include "base/buffer.h"
#include "base/log.h"
#include "base/memory.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct problem {
    struct place place;
    char *file; /* owned; the name in `place` */
    bool is_warning;
    size_t rank; /* the first problem of the same file */
    size_t turn; /* its own */
    struct buffer sentence;
};

struct problems {
    size_t count, room, warnings;
    struct problem *all; /* owned */
};

struct problems *problems_create(void)
{
    return memory_new(sizeof(struct problems));
}

void problems_destroy(struct problems *problems)
{
    if (!problems)
        return;
    for (size_t i = 0; i < problems->count; i++) {
        buffer_deinit(&problems->all[i].sentence);
        free(problems->all[i].file);
    }
    free(problems->all);
    free(problems);
}

static bool is_same_file(const char *one, const char *other)
{
    return one == other || (one && other && !strcmp(one, other));
}

static size_t find_rank(const struct problems *problems, const char *file)
{
    size_t i = 0;

    while (i < problems->count && !is_same_file(problems->all[i].place.file, file))
        i++;
    return i;
}

static struct problem *append(struct problems *problems, struct place place)
{
    struct problem *problem;

    if (problems->count == problems->room) {
        problems->room = problems->room ? problems->room * 2 : 8;
        problems->all = memory_resize(problems->all,
                                      problems->room * sizeof *problems->all);
    }
    problem = &problems->all[problems->count];
    *problem = (struct problem){
        .place = place,
        .rank = find_rank(problems, place.file),
        .turn = problems->count,
    };
    if (place.file)
        problem->place.file = problem->file = memory_copy_text(place.file);
    problems->count++;
    return problem;
}

void problem_add(struct problems *problems, const char *format, ...)
{
    struct problem *problem = append(problems, (struct place){ 0 });
    va_list arguments;

    va_start(arguments, format);
    buffer_vformat(&problem->sentence, format, arguments);
    va_end(arguments);
}

void problem_add_at(struct problems *problems, struct place place, const char *format,
                    ...)
{
    struct problem *problem = append(problems, place);
    va_list arguments;

    va_start(arguments, format);
    buffer_vformat(&problem->sentence, format, arguments);
    va_end(arguments);
}

void problem_warn_at(struct problems *problems, struct place place, const char *format,
                     ...)
{
    struct problem *problem = append(problems, place);
    va_list arguments;

    problem->is_warning = true;
    problems->warnings++;
    va_start(arguments, format);
    buffer_vformat(&problem->sentence, format, arguments);
    va_end(arguments);
}

size_t problems_count(const struct problems *problems)
{
    return problems->count - problems->warnings;
}

size_t problems_warnings(const struct problems *problems)
{
    return problems->warnings;
}

static int order_numbers(size_t one, size_t other)
{
    return (one > other) - (one < other);
}

static int order_problems(const void *one, const void *other)
{
    const struct problem *left = *(const struct problem *const *)one;
    const struct problem *right = *(const struct problem *const *)other;
    int order = order_numbers(left->rank, right->rank);

    if (!order)
        order = order_numbers(left->place.line, right->place.line);
    return order ? order : order_numbers(left->turn, right->turn);
}

static void write_problem(const struct problem *problem, struct buffer *out)
{
    if (problem->place.file)
        buffer_add_text(out, problem->place.file);
    if (problem->place.file && problem->place.line)
        buffer_format(out, ":%u", problem->place.line);
    if (problem->place.file)
        buffer_add_text(out, ": ");
    if (problem->is_warning)
        buffer_add_text(out, "warning: ");
    buffer_format(out, "%s\n", buffer_text(&problem->sentence));
}

void problems_write(const struct problems *problems, struct buffer *out)
{
    const struct problem **sorted = memory_new_array(problems->count, sizeof *sorted);

    for (size_t i = 0; i < problems->count; i++)
        sorted[i] = &problems->all[i];
    qsort(sorted, problems->count, sizeof *sorted, order_problems);
    for (size_t i = 0; i < problems->count; i++)
        write_problem(sorted[i], out);
    free(sorted);
}

void problems_log(const struct problems *problems)
{
    struct buffer text = { 0 };
    const char *line;

    problems_write(problems, &text);
    for (line = buffer_text(&text); *line; line += strcspn(line, "\n") + 1)
        log_warning("%.*s", (int)strcspn(line, "\n"), line);
    buffer_deinit(&text);
}
