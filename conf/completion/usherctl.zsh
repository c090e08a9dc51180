#compdef usherctl
# Completes usherctl; printed by `usherctl --completion zsh`.
_usherctl()
{
    local state line socket
    local -a commands names
    typeset -A opt_args

    commands=(
        'status:show frontends, backends and servers'
        'top:watch them, and drain or stop servers'
        'drain:no new sessions; present ones finish'
        'ready:serve again'
        'maint:no sessions, no checks'
        'reload:let usher read its configuration again'
        'history:show its last changes, and who made them'
        'why:why it gets traffic now, or does not'
    )
    _arguments -C \
        '(-s --socket)'{-s,--socket}'[usher'\''s admin socket\: a path, or 127.0.0.1\:9999]:ADDRESS:_files' \
        '--timeout[how long to wait, such as 500ms or 2m\: for answers; of drain, for sessions]:TIME:' \
        '--json[print JSON]' \
        '--wait[wait until no session is left]' \
        '--kill[end the sessions that are left after --timeout]' \
        '--filter[only what has the text in its name, state or address]:TEXT:' \
        '--sort[served (usher'\''s order), or servers alone by another key]:KEY:(served name state sessions rate bytes change)' \
        '--interval[how often to look (1s)]:TIME:' \
        '--completion[print what completes usherctl in bash or zsh]:SHELL:(bash zsh)' \
        '--complete-names[print the names of all servers]' \
        '(-h --help)'{-h,--help}'[print this]' \
        '--manual[print the manual page, for man -l -]' \
        '(-V --version)'{-V,--version}'[print the version]' \
        '1:command:->command' '*:argument:->argument' && return
    if [[ $state == command ]]; then
        _describe command commands
    elif [[ $line[1] == (drain|ready|maint|history|why) ]] && (($#line == 2)); then
        socket=${opt_args[-s]:-${opt_args[--socket]}}
        names=(${(f)"$($words[1] ${socket:+-s} $socket --complete-names 2>/dev/null)"})
        compadd -a names
    fi
}
_usherctl "$@"
