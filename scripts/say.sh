# Sourced by the scripts, which are POSIX sh (bash complains of a locale that is
# not there): what is said in the language of the session, and progress.
case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in
zh*) t() { echo "$2"; } ;;
*) t() { echo "$1"; } ;;
esac

fail() { # EN ZH: say it and end
    t "$@" >&2
    exit 1
}

# The per cent that a line of ninja or of apt's status tells, 0 to 100.
percent() {
    case "$1" in
    \[*/*\]*)
        part=${1#\[} part=${part%%\]*}
        echo $((${part%/*} * 100 / ${part#*/}))
        ;;
    dlstatus:*) part=${1#*:*:} part=${part%%:*} && echo $((${part%%.*} / 2)) ;;
    pmstatus:*)
        part=${1#*:*:} part=${part%%:*} && echo $((50 + ${part%%.*} / 2))
        ;;
    esac
}

# progress WHAT LOG: standard input goes to LOG; its last line "ended CODE" says
# what to return. A bar on a terminal, else a plain line every five seconds;
# nothing before the first second is over.
progress() {
    begun=$(date +%s) shown=$begun code=1 bar='' last=''
    [ ! -t 2 ] || [ "${TERM:-dumb}" = dumb ] || bar=yes
    while IFS= read -r line; do
        case "$line" in
        "ended "*) code=${line#ended } && continue ;;
        esac
        printf '%s\n' "$line" >&3
        now=$(percent "$line")
        [ -n "$now" ] && [ "$now" != "$last" ] || continue
        last=$now now=$(date +%s)
        if [ "$now" = "$begun" ]; then
            continue
        elif [ -n "$bar" ]; then
            cells=$(printf '%*s' $((last * 30 / 100)) '' | tr ' ' '#')
            dots=$(printf '%*s' $((30 - ${#cells})) '' | tr ' ' .)
            printf '\r\033[K%s [%s%s] %s%%' "$1" "$cells" "$dots" "$last" >&2
        elif [ $((now - shown)) -ge 5 ]; then
            shown=$now
            echo "$1: $last%" >&2
        fi
    done 3>"$2"
    [ -z "$bar" ] || printf '\r\033[K' >&2
    return "$code"
}
