# code(line) is the line without comments, and with all strings and characters empty.
# Every line of a file must pass through it, in order. report() is how a lint speaks.
function code(line,    out, token)
{
    if (FNR == 1)
        inside_comment = 0
    while (line != "") {
        if (inside_comment) {
            if (!match(line, /\*\//))
                return out
            inside_comment = 0
            line = substr(line, RSTART + 2)
        }
        if (!match(line, /\/\*|\/\/|"|'/))
            return out line
        out = out substr(line, 1, RSTART - 1)
        token = substr(line, RSTART, RLENGTH)
        line = substr(line, RSTART + RLENGTH)
        if (token == "//")
            return out token
        if (token == "/*")
            inside_comment = 1
        else {
            out = out token token
            match(line, "^([^" token "\\\\]|\\\\.)*" token)
            line = RLENGTH < 0 ? "" : substr(line, RLENGTH + 1)
        }
    }
    return out
}

function report(line, text)
{
    printf "%s:%d: %s\n", FILENAME, line, text
    bad = 1
}

END { exit bad }
