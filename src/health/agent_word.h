/* What one line of an agent says: words with blanks, tabs or commas between, in any
 * order and in any case. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { AGENT_LINE_MOST = 1024, AGENT_WEIGHT_UNSAID = -1 };

/* Of words that contradict each other the worst counts; what is not said is as well as
 * can be. */
struct agent_word {
    bool is_understood; /* at least one word was */
    bool is_down;
    unsigned will;     /* bits of enum server_will */
    unsigned percent;  /* 100: all of the weight; more is not taken */
    int weight;        /* of weight:N, or AGENT_WEIGHT_UNSAID */
    unsigned maxconn;  /* 0: no limit */
    char reason[64];   /* what came after a #, printable */
    char stranger[32]; /* the first word that means nothing, printable; "": none */
};

struct agent_word agent_word_read(const char *line, size_t length);
