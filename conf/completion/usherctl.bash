# Completes usherctl; printed by `usherctl --completion bash`.
_usherctl()
{
    local word=${COMP_WORDS[COMP_CWORD]} choices= i
    local socket=() words=()

    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        -s|--socket) socket=(-s "${COMP_WORDS[++i]}") ;;
        --timeout) ((++i)) ;;
        --filter) ((++i)) ;;
        --sort) ((++i)) ;;
        --interval) ((++i)) ;;
        --completion) ((++i)) ;;
        -*) ;;
        *) words+=("${COMP_WORDS[i]}") ;;
        esac
    done
    case ${COMP_WORDS[COMP_CWORD - 1]} in
    -s|--socket) COMPREPLY=($(compgen -f -- "$word")); return ;;
    --timeout) return ;;
    --filter) return ;;
    --sort) COMPREPLY=($(compgen -W 'served name state sessions rate bytes change' -- "$word")); return ;;
    --interval) return ;;
    --completion) COMPREPLY=($(compgen -W 'bash zsh' -- "$word")); return ;;
    esac
    if [[ $word == -* ]]; then
        case ${words[0]-} in
        status) choices='--socket --timeout --json --filter --sort --completion --complete-names --help --manual --version' ;;
        top) choices='--socket --timeout --filter --sort --interval --completion --complete-names --help --manual --version' ;;
        drain) choices='--socket --timeout --json --wait --kill --completion --complete-names --help --manual --version' ;;
        ready) choices='--socket --timeout --json --completion --complete-names --help --manual --version' ;;
        maint) choices='--socket --timeout --json --completion --complete-names --help --manual --version' ;;
        reload) choices='--socket --timeout --json --completion --complete-names --help --manual --version' ;;
        history) choices='--socket --timeout --json --completion --complete-names --help --manual --version' ;;
        why) choices='--socket --timeout --json --completion --complete-names --help --manual --version' ;;
        *) choices='--socket --timeout --json --completion --complete-names --help --manual --version' ;;
        esac
    elif ((${#words[@]} == 0)); then
        choices='status top drain ready maint reload history why'
    elif ((${#words[@]} == 1)); then
        case ${words[0]} in
        drain|ready|maint|history|why)
            choices=$("${COMP_WORDS[0]}" "${socket[@]}" --complete-names 2>/dev/null) ;;
        esac
    fi
    COMPREPLY=($(compgen -W "$choices" -- "$word"))
}
complete -F _usherctl usherctl
