# Fails on more than four parameters. Reads "file line name scope signature" of ctags.
# Where a library is fenced in, it dictates the shape of static callbacks, on_something.
$4 == "file" && $3 ~ /^on_/ && $1 ~ /^src\/(net\/|config\/reader\.c$)/ { next }
{
    signature = $0
    sub(/^[^(]*\(/, "", signature)
    sub(/\)$/, "", signature)
    while (sub(/\([^()]*\)/, "", signature)) {}
    count = split(signature, parameters, ",")
    if (count > 4) {
        printf "%s:%d: %s has %d parameters, at most 4\n", $1, $2, $3, count
        bad = 1
    }
}
END { exit bad }
