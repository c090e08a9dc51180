/* One line for each server that is not as the configuration wants it:
 *
 *     app/a will=drain weight=5 of=10
 *
 * A weight counts as long as the configuration gives the server the same one as then:
 * what is changed in the file wins. The first line says when that was written. */
#include "control/state_file.h"

#include "backend/backend.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "config/settings.h"
#include "control/control_parts.h"
#include "control/steer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FIRST_WORDS "usher state of "

enum {
    FILE_MOST = 16 * 1024 * 1024,
    SECOND_MS = 1000,
    WORDS = 4,
    MODE = 0600,
    REFRESHES = 10,       /* within state-max-age */
    COMPLAINTS_MOST = 10, /* about single lines */
};

static const struct will_word {
    const char *word;
    unsigned will;
} will_words[] = {
    { "ready", 0 },
    { "drain", WILL_DRAIN },
    { "maint", WILL_MAINT },
    { "maint+drain", WILL_MAINT | WILL_DRAIN },
};

enum { WILL_WORDS = sizeof will_words / sizeof *will_words };

static const char *word_of(unsigned will)
{
    for (size_t i = 0; i < WILL_WORDS; i++)
        if (will_words[i].will == will)
            return will_words[i].word;
    return "ready";
}

static bool read_will(const char *word, unsigned *will)
{
    for (size_t i = 0; i < WILL_WORDS; i++) {
        if (strcmp(will_words[i].word, word) != 0)
            continue;
        *will = will_words[i].will;
        return true;
    }
    return false;
}

static void write_server(const struct server *server, struct buffer *out)
{
    if (server->is_leaving ||
        (!server->will && server->wanted_weight == server->configured_weight))
        return;
    buffer_format(out, "%s/%s will=%s weight=%u of=%u\n", server->backend->name,
                  server->name, word_of(server->will), server->wanted_weight,
                  server->configured_weight);
}

static void write_servers(const struct control *control, struct buffer *out)
{
    for (size_t i = 0; i < registry_backend_count(control->registry); i++) {
        const struct backend *backend = registry_backend(control->registry, i);

        for (size_t k = 0; k < backend->server_count; k++)
            write_server(backend->servers[k], out);
    }
}

static bool write_all(int fd, const struct buffer *text)
{
    size_t done = 0;

    while (done < text->length) {
        ssize_t put = write(fd, text->bytes + done, text->length - done);

        if (put == -1 && errno != EINTR)
            return false;
        done += put > 0 ? (size_t)put : 0;
    }
    return true;
}

/* Readers see the old file or the new one. There is no fsync, which could make main wait
 * for a disk: after a loss of power the file may be empty, and is then ignored. Returns
 * errno, or 0. */
static int replace(const char *path, const struct buffer *text)
{
    struct buffer other = { 0 };
    const char *next;
    bool is_done;
    int fd, wrong;

    buffer_format(&other, "%s.new", path);
    next = buffer_text(&other);
    fd = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, MODE);
    is_done = fd != -1 && write_all(fd, text);
    is_done = (fd == -1 || close(fd) == 0) && is_done;
    is_done = is_done && rename(next, path) == 0;
    wrong = is_done ? 0 : errno;
    buffer_deinit(&other);
    return wrong;
}

static void write_file(struct control *control, const char *path)
{
    struct buffer text = { 0 };
    bool was_wrong = control->state_wrong != 0;

    buffer_format(&text, FIRST_WORDS "%lld\n", (long long)time(NULL));
    buffer_add_text(&text, buffer_text(&control->state));
    control->state_written_at = clock_ms();
    control->state_wrong = replace(path, &text);
    if (control->state_wrong && !was_wrong)
        log_warning(
            "state-file %s cannot be written: %s; what administrators set is lost "
            "at a restart",
            path, strerror(control->state_wrong));
    buffer_deinit(&text);
}

/* What is old is not believed: what still holds is said again. */
static bool is_getting_old(const struct control *control)
{
    uint64_t most_ms = control->generation->settings->global.state_max_age_ms;

    return control->state.length &&
           clock_ms() - control->state_written_at >= most_ms / REFRESHES;
}

void state_file_save(struct control *control, bool is_last)
{
    const char *path = control->generation->settings->global.state_file;
    struct buffer now = { 0 };
    bool is_news;

    if (!path)
        return;
    write_servers(control, &now);
    is_news = strcmp(buffer_text(&now), buffer_text(&control->state)) != 0;
    buffer_deinit(&control->state);
    control->state = now;
    if (is_news || control->state_wrong || is_last || is_getting_old(control))
        write_file(control, path);
}

/* "will=drain" begins with "will=". NULL: does not. */
static const char *value_of(const char *word, const char *key)
{
    size_t length = strlen(key);

    return strncmp(word, key, length) ? NULL : word + length;
}

static bool read_value(const char *word, const char *key, uint64_t *number)
{
    const char *value = value_of(word, key);

    return value && !text_read_number(value, number);
}

static struct server *find_server(const struct control *control, char *path)
{
    char *slash = strchr(path, '/');
    struct backend *backend;

    if (!slash)
        return NULL;
    *slash = '\0';
    backend = registry_find_backend(control->registry, path);
    return backend ? backend_find(backend, slash + 1) : NULL;
}

/* False for a line that makes no sense. A server that is gone is no mistake. */
static bool take_line(struct control *control, char *line)
{
    char *words[WORDS];
    const char *will_word;
    uint64_t weight, of;
    struct server *server;
    unsigned will;

    if (text_split(line, words, WORDS) != WORDS)
        return false;
    will_word = value_of(words[1], "will=");
    if (!will_word || !read_will(will_word, &will) ||
        !read_value(words[2], "weight=", &weight) || !read_value(words[3], "of=", &of) ||
        weight > SERVER_WEIGHT_MOST)
        return false;
    server = find_server(control, words[0]);
    if (!server)
        return true;
    steer_will(control, server, will, "state-file");
    if (of == server->configured_weight)
        steer_weight(control, server, (unsigned)weight, "state-file");
    return true;
}

/* NULL, or why it is not believed. */
static const char *check_age(const char *line, uint64_t most_ms)
{
    const char *written = value_of(line, FIRST_WORDS);
    uint64_t then, now = (uint64_t)time(NULL);

    if (!written || text_read_number(written, &then))
        return "it is no state file";
    if (then > now)
        return "it is of the future";
    return (now - then) * SECOND_MS > most_ms ? "it is older than state-max-age" : NULL;
}

static void take_lines(struct control *control, const char *path, char *text)
{
    uint64_t most_ms = control->generation->settings->global.state_max_age_ms;
    char *line = strsep(&text, "\n");
    const char *wrong = check_age(line, most_ms);
    unsigned complaints = 0;

    if (wrong) {
        log_warning("state-file %s is ignored: %s", path, wrong);
        return;
    }
    for (unsigned number = 2; (line = strsep(&text, "\n")); number++)
        if (*line && !take_line(control, line) && ++complaints <= COMPLAINTS_MOST)
            log_warning("%s:%u: this line is ignored: it makes no sense", path, number);
    if (complaints > COMPLAINTS_MOST)
        log_warning("%s: %u lines are ignored: they make no sense", path, complaints);
}

static bool read_whole(int fd, struct buffer *text)
{
    char piece[4096];
    ssize_t got;

    while ((got = read(fd, piece, sizeof piece)) > 0 && text->length < FILE_MOST)
        buffer_add(text, piece, (size_t)got);
    return got == 0 && !memchr(buffer_text(text), '\0', text->length);
}

void state_file_load(struct control *control)
{
    const char *path = control->generation->settings->global.state_file;
    struct buffer text = { 0 };
    struct stat facts;
    int fd;

    if (!path)
        return;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd == -1 && errno == ENOENT)
        return;
    if (fd == -1 || fstat(fd, &facts) == -1 || !S_ISREG(facts.st_mode) ||
        !read_whole(fd, &text))
        log_warning("state-file %s is ignored: it cannot be read", path);
    else if (text.length)
        take_lines(control, path, text.bytes);
    else
        log_warning("state-file %s is ignored: it is empty", path);
    if (fd != -1)
        (void)close(fd);
    buffer_deinit(&text);
    write_servers(control, &control->state);
}

void state_file_end(struct control *control)
{
    buffer_deinit(&control->state);
}
