/* Any bytes as a line of the admin dialect, cut into commands and words. */
#include "admin/line.h"

#include "base/memory.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct line line = { 0 };
    struct words words;
    char mark[LINE_MARK_SIZE];
    size_t length = 0, commands = 0;

    line_begin(&line, (const char *)data, size);
    if (line_announces_payload(&line, mark))
        ensure(strlen(mark) < sizeof mark);
    while (line_next(&line, &words)) {
        ensure(words.count <= LINE_WORDS);
        for (size_t i = 0; i < words.count; i++)
            length += strlen(words.at[i]);
        commands++;
    }
    ensure(length <= size && commands <= size + 1);
    line_deinit(&line);
    return 0;
}
