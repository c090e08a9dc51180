/* Who may come in, and who is believed: networks, and certificates that are asked for. */
#pragma once

struct problems;
struct settings;

/* Of struct network_settings, by its text; NULL or a sentence that says what is wrong. */
const char *trust_in_network(void *object);

/* Reads files of networks, too. */
void trust_check(const struct settings *settings, struct problems *problems);
void trust_warn(const struct settings *settings, struct problems *problems);
