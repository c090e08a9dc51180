# Fails when a file includes a header of a layer above its own.
BEGIN { n = split(order, names, " "); for (i = 1; i <= n; i++) rank[names[i]] = i }
FNR == 1 { split(FILENAME, part, "/"); mine = (part[2] in rank) ? rank[part[2]] : n + 1 }
match($0, /^#include "[a-z_]+\//) {
    theirs = substr($0, 11, index($0, "/") - 11)
    if (rank[theirs] > mine) {
        printf "%s:%d: %s must not know %s\n", FILENAME, FNR, part[2], theirs
        bad = 1
    }
}
END { exit bad }
