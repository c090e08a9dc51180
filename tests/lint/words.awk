# Fails on words that mean opposite things to different people, and on unfinished work.
function report(text)
{
    printf "%s:%d: %s\n", FILENAME, FNR, text
    bad = 1
}

FILENAME !~ /^tests\// && tolower($0) ~ /upstream|downstream/ {
    report("say client and server, not upstream and downstream")
}
/(^|[^A-Za-z0-9_])(TODO|FIXME|XXX)([^A-Za-z0-9_]|$)/ {
    report("unfinished work is not kept in the code")
}
END { exit bad }
