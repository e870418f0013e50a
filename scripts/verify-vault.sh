#!/bin/sh
# verify-vault.sh MUDLARK_HOME: what the ledger says of each capture against the
# bytes in the vault, with nothing of Mudlark: first the chain, then the digest
# of each capture's records as they stand, then that of its payload unpacked.
# What is sealed (*.sealed) is checked as it stands, which needs no key.
set -eu
[ $# -eq 1 ] || { echo "usage: $0 MUDLARK_HOME" >&2; exit 2; }
"$(dirname "$0")/verify-ledger.sh" "$1/ledger/ledger.jsonl"
vault=$1/vault n=0 locked=0 cr=$(printf '\r')
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
value() { printf %s "$2" | sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }
part() { printf %s "$2" | sed -n "s/.*\"$1\":{\([^}]*\)}.*/\1/p"; }
# The bytes of a part that has file, offset and length.
bytes() {
    tail -c "+$(($(value offset "$1") + 1))" "$vault/$(value file "$1")" |
        head -c "$(value length "$1")"
}
sha() { sha256sum | cut -d ' ' -f 1; }
# What stands behind the first empty line of a file.
behind() {
    tail -c "+$(($(LC_ALL=C grep -abxm 1 "$cr" "$1" | cut -d : -f 1) + 3))" "$1"
}
bad() { echo "capture $(value object "$line"): $1" >&2; exit 1; }
while IFS= read -r line; do
    case $(value op "$line") in capture | recover) ;; *) continue ;; esac
    span=$(part span "$line") warc=$(part warc "$line")
    if [ -n "$span" ]; then
        [ "$(bytes "$span" | sha)" = "$(value sha256 "$span")" ] ||
            bad "its records were changed"
    fi
    case $warc in
    *handed-*.sealed\"*)
        file=$(part sealed_file "$line")
        if [ -n "$file" ]; then
            [ "$(sha < "$vault/$(value file "$warc")")" = \
                "$(value sha256 "$file")" ] || bad "its file was changed"
        fi
        locked=$((locked + 1)) n=$((n + 1))
        continue ;;
    *.sealed\"*)
        locked=$((locked + 1)) n=$((n + 1))
        continue ;;
    *handed-*) got=$(sha < "$vault/$(value file "$warc")") ;;
    *)  bytes "$warc" | zcat > "$tmp/record"
        behind "$tmp/record" | head -c -4 > "$tmp/block"
        case $line in *'"kind":"page"'*) got=$(behind "$tmp/block" | sha) ;;
        *) got=$(sha < "$tmp/block") ;; esac ;;
    esac
    want=$(value sha256 "$(printf %s "$line" | sed 's/"span":{[^}]*},//')")
    case $line in *'"kind":"record"'*) ;; *) [ "$got" = "$want" ] ||
        bad "its payload was changed" ;; esac
    n=$((n + 1))
done < "$1/ledger/ledger.jsonl"
echo "$n captures, $locked of them sealed and checked as they stand"
