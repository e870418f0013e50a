# Originals sealed at rest, from the command line: keys, what is read without
# them, holds, and the purge of what is over.

setup_file() {
    export LANG=C.UTF-8
    unset LC_ALL LC_MESSAGES MUDLARK_DSN MUDLARK_KEY
    DIR=$(mktemp -d /tmp/mudlark-sealed-XXXXXX)
    chmod 755 "$DIR"
    export DIR MUDLARK_HOME="$DIR/home"
    "${MUD_BINARY:?}" db start --quiet >/dev/null
    "$MUD_BINARY" user add otto --role officer --format text >/dev/null
    "$MUD_BINARY" source add chat --kind chat --basis test --expires 2099-12-31
    "$MUD_BINARY" import "$MUD_SOURCE/samples/chat/result.json" --source chat \
        >/dev/null
}

teardown_file() {
    "$MUD_BINARY" db stop --quiet || true
    rm -rf "$DIR"
}

setup() { mudlark=${MUD_BINARY:?}; }

capture() { "$mudlark" ledger export | sed -n 's/.*"object":"\([0-9a-f-]*\)","op":"capture".*/\1/p' | head -n 1; }
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/p" <<<"$output" | head -n 1; }

# original ARGS...: what show --raw gives when a second person approved it.
original() {
    local request
    request=$("$mudlark" show "$@" --raw --reason 'request 12' 2>&1 >/dev/null |
        grep -o 'request [0-9]\+' | grep -m 1 -o '[0-9]\+')
    [ -n "$request" ]
    "$mudlark" approval approve "$request" --as otto >/dev/null
    "$mudlark" show "$@" --raw --reason 'request 12'
}

@test "a new home seals, and its vault verifies with and without its key" {
    [ -f "$MUDLARK_HOME/keys/machine.key" ]
    ls "$MUDLARK_HOME"/vault/2*/*.warc.gz.sealed
    run grep -rl messages "$MUDLARK_HOME/vault"
    [ "$status" = 1 ]
    "$mudlark" verify --quiet >/dev/null
    run "$MUD_SOURCE/scripts/verify-vault.sh" "$MUDLARK_HOME"
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *"1 captures, 1 of them sealed"* ]]
    mv "$MUDLARK_HOME/keys" "$DIR/away"
    run "$mudlark" verify --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *"only their sealed bytes were checked"* ]]
    run "$mudlark" import "$MUD_SOURCE/samples/chat/result.json" \
        --source chat --url file:other
    echo "$output"
    [ "$status" = 1 ]
    [[ "$output" == *"machine key is not at"* ]]
    run "$mudlark" keys new
    [ "$status" = 1 ]
    [[ "$output" == *"get that one back"* ]]
    mv "$DIR/away" "$MUDLARK_HOME/keys"
}

@test "another machine's key: nothing is dropped, sealed or said to hold" {
    posts=$("$mudlark" posts --format ndjson | wc -l)
    [ "$posts" -gt 0 ]
    mv "$MUDLARK_HOME/keys/machine.key" "$DIR/own.key"
    MUDLARK_HOME="$DIR/other" "$mudlark" keys new >/dev/null
    cp "$DIR/other/keys/machine.key" "$MUDLARK_HOME/keys/machine.key"
    echo other >"$DIR/other.txt"
    run "$mudlark" import "$DIR/other.txt" --source chat
    echo "$output"
    [ "$status" = 1 ]
    [[ "$output" == *"this is another machine's key"* ]]
    run "$mudlark" rebuild
    echo "$output"
    [ "$status" = 1 ]
    [ "$("$mudlark" posts --format ndjson | wc -l)" = "$posts" ]
    run "$mudlark" show "$(capture)" --verify --format text
    [[ "$output" == *"not verified whole: 1 captures: only their sealed bytes"* ]]
    mv "$DIR/own.key" "$MUDLARK_HOME/keys/machine.key"
    run "$mudlark" show "$(capture)" --verify --format text
    [[ "$output" == *"verified at"* ]]
    "$mudlark" verify --quiet >/dev/null
}

@test "keys are listed, rotated, and travel under a passphrase" {
    run "$mudlark" keys list --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *'"type":"data_key"'*'"class":"1y"'* ]]
    old=$(field id)
    run "$mudlark" keys rotate --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    [ "$(field opens)" = 1 ]
    [ "$(field id)" != "$old" ]
    original "$(capture)" |
        cmp - "$MUD_SOURCE/samples/chat/result.json"
    run "$mudlark" keys export "$DIR/key"
    [ "$status" = 2 ]
    MUDLARK_PASSPHRASE='correct horse battery' "$mudlark" keys export "$DIR/key"
    [ "$(stat -c %a "$DIR/key")" = 600 ]
    rm -r "$MUDLARK_HOME/keys"
    echo 'correct horse batteri' >"$DIR/phrase"
    run "$mudlark" keys import "$DIR/key" --passphrase-file "$DIR/phrase"
    [ "$status" = 1 ]
    echo 'correct horse battery' >"$DIR/phrase"
    "$mudlark" keys import "$DIR/key" --passphrase-file "$DIR/phrase"
    "$mudlark" verify --quiet >/dev/null
    LANG=zh_CN.UTF-8 "$mudlark" keys list --format text | grep -q 机器密钥
}

@test "an original takes a reason, a second person, and is in the ledger" {
    id=$(capture)
    run "$mudlark" show "$id" --raw
    echo "$output"
    [ "$status" = 2 ]
    [[ "$output" == *"mudlark show $id --raw --reason"* ]]
    run "$mudlark" show "$id" --raw --reason 'request 12'
    echo "$output"
    [ "$status" = 1 ]
    [[ "$output" == *"two persons"*"mudlark approval approve"* ]]
    ! grep -q messages <<<"$output"
    request=$(sed -n 's/.*as request \([0-9]*\);.*/\1/p' <<<"$output")
    run "$mudlark" approval approve "$request"
    [ "$status" = 1 ]
    before=$("$mudlark" ledger export | grep -c '"op":"view"' || true)
    "$mudlark" approval approve "$request" --as otto >/dev/null
    # For the payload, not for the records; for that reason; and once.
    run "$mudlark" show "$id" --raw --records --reason 'request 12'
    [ "$status" = 1 ]
    run "$mudlark" show "$id" --raw --reason 'another one'
    [ "$status" = 1 ]
    "$mudlark" show "$id" --raw --reason 'request 12' |
        cmp - "$MUD_SOURCE/samples/chat/result.json"
    run "$mudlark" show "$id" --raw --reason 'request 12'
    [ "$status" = 1 ]
    [ "$("$mudlark" ledger export | grep -c '"op":"view"')" = $((before + 1)) ]
    "$mudlark" ledger export | grep '"op":"view"' | tail -n 1 |
        grep '"approved_by":"otto"' | grep -q "\"request\":$request[,}]"
    "$mudlark" audit --format ndjson | grep -q '"action":"original"'
    "$mudlark" ledger verify --quiet >/dev/null
}

@test "an expert gets one capture as a WARC that verifies by itself" {
    "$mudlark" show "$(capture)" --raw --records --reason 'expert' 2>"$DIR/asked" ||
        true
    "$mudlark" approval approve "$(grep -o 'request [0-9]*' "$DIR/asked" |
        head -n 1 | cut -d ' ' -f 2)" --as otto >/dev/null
    "$mudlark" show "$(capture)" --raw --records --reason 'expert' \
        >"$DIR/one.warc.gz"
    "$mudlark" verify "$DIR/one.warc.gz"
    gzip -dc "$DIR/one.warc.gz" | grep -aq '^WARC-Type: metadata'
    run "$mudlark" show "$(capture)" --records
    [ "$status" = 2 ]
}

# Months later: what the clock of the key says is set back.
@test "what is over is purged, unless it is held" {
    "$mudlark" retention set chat 1m
    run "$mudlark" retention set chat 2m
    [ "$status" = 2 ]
    run "$mudlark" retention run --dry-run --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    [ "$(field keys)" = 0 ]
    [ "$("$mudlark" posts --format ndjson | wc -l)" -gt 1 ]
    psql -qh "$MUDLARK_HOME/run" -U mudlark mudlark \
        -c "UPDATE mud.seal_key SET month = month - interval '3 years'" \
        -c "UPDATE mud.capture SET sealed_at = sealed_at - interval '3 years'"
    run "$mudlark" retention hold source chat
    [ "$status" = 2 ]
    "$mudlark" retention hold source chat --reason 'request 12'
    run "$mudlark" retention run --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    [ "$(field captures)" = 0 ]
    [ "$(field kept)" = 1 ]
    original "$(capture)" |
        cmp - "$MUD_SOURCE/samples/chat/result.json"
    run "$mudlark" retention list --format text
    [[ "$output" == *"held: source chat"* ]]
    "$mudlark" retention release source chat --reason closed
    run "$mudlark" retention run --format ndjson --reason 'over since long'
    echo "$output"
    [ "$status" = 0 ]
    [ "$(field captures)" = 1 ]
    [ "$(field rebuilt)" = true ]
    run "$mudlark" show "$(capture)" --raw
    echo "$output"
    [ "$status" = 1 ]
    [[ "$output" == *"purged: data key"*"over since long"* ]]
    [ "$("$mudlark" posts --format ndjson | wc -l)" = 0 ]
    run "$mudlark" verify --format text
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *purged* ]]
    "$mudlark" ledger verify --quiet >/dev/null
    "$mudlark" ledger export | grep -q '"op":"purge"'
}
