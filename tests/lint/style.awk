# Fails on comments with //, on typedefs that are not of functions, and on any goto but
# the one forward to `fail`.
{ line = code($0) }

FNR == 1 { typedef = ""; labels = 0 }

line ~ /\/\// { report(FNR, "comments are written /* */") }

line ~ /^[ \t]*typedef([ \t]|$)/ || typedef != "" {
    typedef = typedef " " line
    if (line ~ /;/ || line ~ /\{/) {
        if (typedef !~ /\(/ || typedef ~ /\{/)
            report(FNR, "only functions have typedefs")
        typedef = ""
    }
}

/^\}/ { labels = 0 }

line ~ /^[ \t]*[A-Za-z_][A-Za-z0-9_]*[ \t]*:[ \t]*$/ && line !~ /^[ \t]*default[ \t]*:/ {
    if (line !~ /^[ \t]*fail[ \t]*:/)
        report(FNR, "the only label is fail")
    if (++labels > 1)
        report(FNR, "one label per function")
}

line ~ /(^|[^A-Za-z0-9_])goto[ \t]/ {
    if (line !~ /goto[ \t]+fail[ \t]*;/)
        report(FNR, "goto leads to fail only")
    else if (labels)
        report(FNR, "goto leads forward only")
}
