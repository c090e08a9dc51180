/* A line is a network, or the path of a file with one network in each line. */
#include "control/access_list.h"

#include "base/problem.h"
#include "proxy/frontend.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 256 };

/* Cuts the comment and the blanks around off. */
static char *strip(char *line)
{
    size_t length;

    line[strcspn(line, "#\r\n")] = '\0';
    line += strspn(line, " \t");
    length = strlen(line);
    while (length && strchr(" \t", line[length - 1]))
        line[--length] = '\0';
    return line;
}

static bool read_lines(FILE *file, const char *path, struct networks *networks,
                       struct problems *problems)
{
    struct place place = { path, 0 };
    char line[LINE_BYTES];
    bool is_fine = true;

    while (fgets(line, sizeof line, file)) {
        struct network network;
        const char *text = strip(line), *wrong;

        place.line++;
        wrong = *text ? network_parse(text, &network) : NULL;
        if (wrong)
            problem_add_at(problems, place, "%s: %s", text, wrong);
        else if (*text)
            (void)networks_add(networks, &network);
        is_fine &= !wrong;
    }
    return is_fine;
}

static bool read_file(const struct network_settings *line, struct networks *networks,
                      struct problems *problems)
{
    FILE *file = fopen(line->text, "re");
    bool is_fine;

    if (!file) {
        problem_add_at(problems, line->place, "cannot open %s: %s", line->text,
                       strerror(errno));
        return false;
    }
    is_fine = read_lines(file, line->text, networks, problems);
    (void)fclose(file);
    return is_fine;
}

bool access_list_read(const struct network_settings *lines, size_t count,
                      struct networks **networks, struct problems *problems)
{
    bool is_fine = true;

    *networks = count ? networks_create() : NULL;
    for (size_t i = 0; i < count; i++) {
        if (lines[i].is_file)
            is_fine &= read_file(&lines[i], *networks, problems);
        else
            (void)networks_add(*networks, &lines[i].network);
    }
    return is_fine;
}
