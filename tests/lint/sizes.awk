# Fails on what is too long or too deep. It relies on the layout clang-format gives:
# a function opens and closes with a brace in column 1, and a level is four spaces.
{ line = code($0) }

FNR == 1 { inside = head = 0 }

length($0) > 90 { report(FNR, "line of " length($0) " columns, at most 90") }
FNR == file_limit + 1 { report(FNR, "file over " file_limit " lines") }
FILENAME ~ /\.h$/ && FNR == header_limit + 1 {
    report(FNR, "header over " header_limit " lines")
}

inside && line ~ /^ +(\} )?(if|else|for|while|do|switch|list_each)([ (]|$)/ {
    match(line, /^ +/)
    if (RLENGTH > 12)
        report(FNR, "nesting of " RLENGTH / 4 ", at most 3")
}

inside && /^\}/ {
    if (FNR - head + 1 > function_limit)
        report(head, "function of " FNR - head + 1 " lines, at most " function_limit)
    inside = head = 0
    next
}

inside { next }
/^\{/ { inside = 1; if (!head) head = FNR; next }
line ~ /^[ \t]*$/ || line ~ /^[#}]/ || line ~ /;[ \t]*$/ { head = 0; next }
!head && /^[A-Za-z_]/ { head = FNR }
