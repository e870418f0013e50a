#!/bin/sh
# verify-ledger.sh LEDGER.jsonl [HEAD]: the hash chain of a ledger, with nothing
# of Mudlark: each line holds the SHA-256 of the line before. HEAD is a digest
# noted elsewhere; without it a cut off end cannot be seen.
set -eu
[ $# -ge 1 ] || { echo "usage: $0 LEDGER.jsonl [HEAD]" >&2; exit 2; }
[ -s "$1" ] && [ -z "$(tail -c 1 "$1")" ] ||
    { echo "$1: empty, or its last line has no end" >&2; exit 1; }
prev=$(printf '%064d' 0) n=0 last=
while IFS= read -r line; do
    case $line in *"\"prev\":\"$prev\",\"seq\":$n,\"ts\":\""*) ;;
    *) echo "$1: line $n does not continue the chain" >&2; exit 1 ;; esac
    ts=${line##*\"ts\":\"}
    [ "$(printf '%s\n%s\n' "$last" "$ts" | LC_ALL=C sort | tail -n 1)" = "$ts" ] ||
        { echo "$1: line $n: time goes back" >&2; exit 1; }
    prev=$(printf %s "$line" | sha256sum) prev=${prev%% *} last=$ts n=$((n + 1))
done < "$1"
[ -z "${2-}" ] || [ "$2" = "$prev" ] ||
    { echo "$1: the head is $prev, not $2" >&2; exit 1; }
echo "$n lines, head $prev"
