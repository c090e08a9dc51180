/* A list names networks and files of networks. Files are read twice: once to judge the
 * configuration, and again by who builds from it. */
#include "config/network_list.h"

#include "base/text.h"
#include "proxy/frontend.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* More wrong lines than these mean that it is another kind of file. */
enum { WRONG_MOST = 10 };

struct file {
    struct networks *networks;
    struct problems *problems;
    struct place place; /* of the present line */
    size_t wrong;
};

static void report(struct file *file, const char *word, const char *sentence)
{
    char shown[64];

    file->wrong++;
    problem_add_at(file->problems, file->place, "%s: %s",
                   text_escape(word, strlen(word), shown, sizeof shown), sentence);
}

static void take_line(struct file *file, char *line, size_t length)
{
    struct network network;
    char *words[2];
    size_t count;
    const char *wrong;

    if (strlen(line) != length) {
        report(file, line, "a byte 0x00 follows, which is no text");
        return;
    }
    line[strcspn(line, "#")] = '\0';
    count = text_split(line, words, 2);
    if (!count)
        return;
    wrong = count > 1 ? "nothing but one network may stand in a line"
                      : network_parse(words[0], &network);
    if (wrong)
        report(file, words[0], wrong);
    else
        (void)networks_add(file->networks, &network);
}

static void read_stream(struct file *file, FILE *stream)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length;

    while (file->wrong < WRONG_MOST && (length = getline(&line, &room, stream)) != -1) {
        file->place.line++;
        take_line(file, line, (size_t)length);
    }
    free(line);
    if (file->wrong == WRONG_MOST)
        problem_add_at(file->problems, file->place, "too much is wrong to go on");
    if (ferror(stream))
        problem_add_at(file->problems, (struct place){ file->place.file, 0 },
                       "could not be read to its end");
}

static const char *why_not_open(const char *path)
{
    struct stat status;

    if (stat(path, &status) == -1)
        return strerror(errno);
    if (S_ISDIR(status.st_mode))
        return strerror(EISDIR);
    return S_ISREG(status.st_mode) ? NULL : "it is no file";
}

static void read_file(const struct network_settings *line, struct networks *networks,
                      struct problems *problems)
{
    struct file file = { networks, problems, .place = { .file = line->text } };
    const char *wrong = why_not_open(line->text);
    FILE *stream = wrong ? NULL : fopen(line->text, "re");

    if (!stream) {
        problem_add_at(problems, line->place, "cannot open %s: %s", line->text,
                       wrong ? wrong : strerror(errno));
        return;
    }
    read_stream(&file, stream);
    (void)fclose(stream);
}

struct networks *network_list_read(const struct network_settings *lines, size_t count,
                                   struct problems *problems)
{
    struct networks *networks = networks_create();

    for (size_t i = 0; i < count; i++) {
        if (lines[i].is_file)
            read_file(&lines[i], networks, problems);
        else
            (void)networks_add(networks, &lines[i].network);
    }
    return networks;
}
