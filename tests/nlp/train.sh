#!/bin/sh
# train.sh MUD_TRAIN: the same corpus and tables give the same model, byte for
# byte, and it is the one in the tree. Where tables or corpus changed since (the
# digest in its head tells), it must be trained anew only when its figures on
# the gold fall, which other tests hold; this one then says so and goes on.
set -eu
train=$1
root=${MUD_SOURCE:?}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$root"

set -- nlp/training/*.tsv tests/data/reading/messages.tsv \
    tests/data/gold/gold*.jsonl
# Twice the same of a part, and once of all against the tree.
"$train" "$dir/part" nlp/training/short.tsv nlp/training/daily.tsv
"$train" "$dir/again" nlp/training/short.tsv nlp/training/daily.tsv
cmp "$dir/part" "$dir/again"
"$train" "$dir/one" "$@"
grep -q "^set	given	" "$dir/one"
[ "$(wc -l <"$dir/one")" -gt 1000 ]

if [ "$(sed -n 2p "$dir/one")" = "$(sed -n 2p nlp/lexicon/model.tsv)" ]; then
    cmp "$dir/one" nlp/lexicon/model.tsv
    echo "the model of the tree is what training makes"
else
    echo "tables or corpus changed since: run scripts/train"
fi

# A corpus that cannot be read is an error that names file and line.
printf 'bots\tsell\tx\nnonsense\tsell\ty\n' >"$dir/bad.tsv"
if "$train" "$dir/three" "$dir/bad.tsv" 2>"$dir/error"; then
    echo "a bad row was taken" >&2
    exit 1
fi
grep -q 'bad.tsv: line 2' "$dir/error"
[ ! -e "$dir/three" ]
