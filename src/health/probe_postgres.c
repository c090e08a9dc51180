/* PostgreSQL: a start-up, which shows that the server takes clients, whether or not it
 * would take this one. */
#include "health/check_settings.h"
#include "health/probe_kind.h"
#include "health/verdict.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { HEADER = 5, LENGTH_BYTES = 4, PACKET_MOST = 16 * 1024 };
enum { STEP_START, STEP_TERMINATE };

/* Big endian. */
static void write_number(char *text, size_t number)
{
    for (int i = 0; i < LENGTH_BYTES; i++)
        text[i] = (char)(number >> (8 * (3 - i)) & 0xff);
}

static size_t read_number(const char *text)
{
    size_t number = 0;

    for (int i = 0; i < LENGTH_BYTES; i++)
        number = number << 8 | (unsigned char)text[i];
    return number;
}

/* The database that always is there: a server need not complain in its log. */
static size_t say_start(const char *user, char *text, size_t size)
{
    static const char version[] = { 0, 3, 0, 0 }, user_key[] = "user",
                      rest[] = "database\0postgres\0";
    size_t user_size = strlen(user) + 1;
    size_t length = LENGTH_BYTES + sizeof version + sizeof user_key + user_size +
                    sizeof rest;
    char *end = text + LENGTH_BYTES;

    if (length > size)
        return 0;
    write_number(text, length);
    end = mempcpy(end, version, sizeof version);
    end = mempcpy(end, user_key, sizeof user_key);
    end = mempcpy(end, user, user_size);
    memcpy(end, rest, sizeof rest);
    return length;
}

static size_t say_packet(const struct check_settings *settings,
                         const struct question *question, char *text, size_t size)
{
    if (question->step == STEP_START)
        return say_start(settings->user ? settings->user : "usher", text, size);
    *text = 'X';
    write_number(text + 1, LENGTH_BYTES);
    return HEADER;
}

struct fields {
    const char *next, *end;
};

/* The text of this kind in an error, "C57P03\0Mthe database ...\0\0"; "" for none. */
static const char *find_field(struct fields fields, char kind)
{
    while (fields.next < fields.end && *fields.next) {
        const char *end = memchr(fields.next, 0, (size_t)(fields.end - fields.next));

        if (!end)
            return "";
        if (*fields.next == kind)
            return fields.next + 1;
        fields.next = end + 1;
    }
    return "";
}

/* By class: short of resources, told to stop or not started yet, ill in itself. Others
 * are about us: a user or database that there is not, and the like. */
static bool is_ill(const char *code)
{
    static const char *const classes[] = { "53", "57", "58", "F0", "XX" };

    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (!strncmp(code, classes[i], 2))
            return true;
    return false;
}

static struct verdict judge_error(struct fields fields)
{
    const char *code = find_field(fields, 'C');
    struct verdict verdict = verdict_failed(RESULT_ANSWER_BAD, "%s %s", code,
                                            find_field(fields, 'M'));

    if (!*code)
        return verdict_failed(RESULT_ANSWER_WRONG, "not an answer of PostgreSQL");
    return is_ill(code) ? verdict : verdict_passed(verdict.why);
}

/* Who was let in says good-bye; who is asked for a password just leaves, as the server
 * takes anything but a password for a mistake. */
static struct verdict judge_packet(const struct check_settings *settings,
                                   const struct answer *answer)
{
    const char *bytes = answer->bytes, *text = bytes + HEADER;
    size_t length;

    (void)settings;
    if (answer->step >= STEP_TERMINATE)
        return verdict_passed("");
    if (answer->length && *bytes != 'R' && *bytes != 'E')
        return verdict_failed(RESULT_ANSWER_WRONG, "not an answer of PostgreSQL");
    if (answer->length < HEADER)
        return verdict_pending();
    length = read_number(bytes + 1);
    if (length < 2 * LENGTH_BYTES || length > PACKET_MOST)
        return verdict_failed(RESULT_ANSWER_WRONG, "not an answer of PostgreSQL");
    if (answer->length < 1 + length)
        return verdict_pending();
    if (*bytes == 'E')
        return judge_error((struct fields){ text, bytes + 1 + length });
    return read_number(text) ? verdict_passed("") : verdict_next(1 + length);
}

const struct probe_kind probe_postgres = {
    .name = "postgres",
    .ask = say_packet,
    .judge = judge_packet,
};
