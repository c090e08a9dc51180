# Fails when a library is used outside its fence, or a private header outside its folder.
function report(text)
{
    printf "%s:%d: %s\n", FILENAME, FNR, text
    bad = 1
}

FNR == 1 { split(FILENAME, part, "/"); folder = part[2] }

/^[ \t]*#[ \t]*include/ {
    header = $0
    sub(/^[^<"]*[<"]/, "", header)
    sub(/[>"].*/, "", header)
    if (header ~ /^openssl\// && folder != "net")
        report("OpenSSL belongs to net/")
    if (header == "ini.h" && FILENAME != "src/config/reader.c")
        report("inih belongs to config/reader.c")
    if (header ~ /^ares/ && FILENAME != "src/net/resolver.c")
        report("c-ares belongs to net/resolver.c")
    if (header == "curses.h" && FILENAME != "src/usherctl/screen.c")
        report("curses belongs to usherctl/screen.c")
    if (header ~ /^p?threads?\.h$/ && folder !~ /^(base|worker|control)$/)
        report("threads belong to base/, worker/ and control/")
    if (header == "ev.h" && folder ~ /^(base|backend|config)$/)
        report(folder "/ must not know the event loop")
    split(header, place, "/")
    if ($0 ~ /"/ && header ~ /\// && place[1] != folder &&
        (getline text < ("src/" header)) >= 0) {
        close("src/" header)
        report(header " is private to its folder")
    }
}
END { exit bad }
