/* MySQL and MariaDB. Who only looks at the greeting and leaves is counted by the server
 * as an aborted connect, and shut out after too many of them; so a user logs in, without
 * a password. Where the file names none, to be denied is good enough. */
#include "health/check_settings.h"
#include "health/probe_kind.h"
#include "health/verdict.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { HEADER = 4, PACKET_MOST = 4096, FIXED_GREETING = 15, PROTOCOL_10 = 10 };
enum { REPLY_OK = 0x00, REPLY_SWITCH = 0xfe, REPLY_ERROR = 0xff };
enum { STEP_GREETING, STEP_LOGIN, STEP_NO_PASSWORD, STEP_QUIT };
enum { ACCESS_DENIED = 1045, ACCESS_DENIED_NO_PASSWORD = 1698 };

/* LONG_PASSWORD, PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH; longest packet; utf8. */
static const char abilities[32] = { 0x01, (char)0x82, 0x08, 0, 0, 0, 0, 1, 33 };
static const char plugin[] = "mysql_native_password";

/* User, an empty password, and how it would be proved. */
static size_t say_login(const char *user, char *text, size_t size)
{
    size_t length = sizeof abilities + strlen(user) + 1 + 1 + sizeof plugin;
    char *end = text + HEADER + sizeof abilities;

    if (HEADER + length > size)
        return 0;
    text[0] = (char)(length & 0xff);
    text[1] = (char)(length >> 8);
    text[2] = 0;
    text[3] = 1;
    memcpy(text + HEADER, abilities, sizeof abilities);
    end = stpcpy(end, user) + 1;
    *end++ = 0;
    memcpy(end, plugin, sizeof plugin);
    return HEADER + length;
}

static size_t say_packet(const struct check_settings *settings,
                         const struct question *question, char *text, size_t size)
{
    static const char nothing[] = { 0, 0, 0, 3 }, quit[] = { 1, 0, 0, 0, 1 };

    if (question->step == STEP_GREETING)
        return 0;
    if (question->step == STEP_LOGIN)
        return say_login(settings->user ? settings->user : "usher", text, size);
    if (question->step == STEP_NO_PASSWORD) {
        memcpy(text, nothing, sizeof nothing);
        return sizeof nothing;
    }
    memcpy(text, quit, sizeof quit);
    return sizeof quit;
}

struct packet {
    const unsigned char *bytes;
    size_t length;
};

static struct verdict judge_garbage(void)
{
    return verdict_failed(RESULT_ANSWER_WRONG, "not an answer of MySQL");
}

/* Version, a NUL, and what has a fixed length. */
static struct verdict judge_greeting(const struct packet *packet)
{
    const unsigned char *version = packet->bytes + 1;
    const unsigned char *end = memchr(version, 0, packet->length - 1);

    if (!end || (size_t)(packet->bytes + packet->length - end) <= FIXED_GREETING)
        return judge_garbage();
    return verdict_next(HEADER + packet->length);
}

/* Its number, perhaps "#" and a state of five letters, and what it means. */
static struct verdict judge_error(const struct packet *packet, bool may_be_denied)
{
    unsigned number = packet->bytes[1] | (unsigned)packet->bytes[2] << 8;
    size_t text_at = packet->length > 8 && packet->bytes[3] == '#' ? 9 : 3;
    struct verdict verdict = verdict_failed(RESULT_ANSWER_BAD, "%u %.*s", number,
                                            (int)(packet->length - text_at),
                                            (const char *)packet->bytes + text_at);

    if (may_be_denied && (number == ACCESS_DENIED || number == ACCESS_DENIED_NO_PASSWORD))
        return verdict_passed(verdict.why);
    return verdict;
}

/* The server may want the user to be proved in another way: still without a password. */
static struct verdict judge_login(const struct answer *answer,
                                  const struct packet *packet)
{
    struct verdict verdict = verdict_next(HEADER + packet->length);

    if (*packet->bytes == REPLY_SWITCH && answer->step == STEP_LOGIN)
        return verdict;
    if (*packet->bytes != REPLY_OK)
        return judge_garbage();
    verdict.skipped = STEP_QUIT - answer->step - 1;
    return verdict;
}

static struct verdict judge_packet(const struct check_settings *settings,
                                   const struct answer *answer)
{
    const unsigned char *bytes = (const unsigned char *)answer->bytes;
    struct packet packet = { bytes + HEADER, 0 };

    if (answer->step >= STEP_QUIT)
        return verdict_passed("");
    if (answer->length < HEADER)
        return verdict_pending();
    packet.length = bytes[0] | (size_t)bytes[1] << 8 | (size_t)bytes[2] << 16;
    if (!packet.length || packet.length > PACKET_MOST)
        return judge_garbage();
    if (answer->length < HEADER + packet.length)
        return verdict_pending();
    if (*packet.bytes == REPLY_ERROR && packet.length >= 3)
        return judge_error(&packet, answer->step != STEP_GREETING && !settings->user);
    if (answer->step != STEP_GREETING)
        return judge_login(answer, &packet);
    return *packet.bytes == PROTOCOL_10 ? judge_greeting(&packet) : judge_garbage();
}

const struct probe_kind probe_mysql = {
    .name = "mysql",
    .ask = say_packet,
    .judge = judge_packet,
};
