# Fails when a prefix does not tell who may call: with the module's name, everybody;
# without, this file. Reads "file line name scope" of ctags; scope "file" is static.
{
    module = $1
    sub(/.*\//, "", module)
    sub(/\.[ch]$/, "", module)
}
$4 == "file" && index($3, module "_") == 1 {
    printf "%s:%d: static %s must not begin with %s_\n", $1, $2, $3, module
    bad = 1
}
$4 != "file" && $3 != module && $3 !~ "^" module "s?_" {
    printf "%s:%d: %s is not static and must begin with %s_\n", $1, $2, $3, module
    bad = 1
}
END { exit bad }
