# Pictures of captured pages on the command line.

setup_file() {
    export LANG=C.UTF-8
    unset LC_ALL LC_MESSAGES MUDLARK_DSN MUDLARK_CHROMIUM
    DIR=$(mktemp -d /tmp/mudlark-shot-test-XXXXXX)
    chmod 755 "$DIR"
    export DIR MUDLARK_HOME="$DIR/home"
    "${MUD_BINARY:?}" db start --quiet >/dev/null
    "$MUD_BINARY" source add board --kind forum --basis test --expires 2099-12-31 \
        --url http://board.example/ >/dev/null
    printf '<p>样本：王*明----110101199003071233----13800000001' >"$DIR/page.html"
    "$MUD_BINARY" import "$DIR/page.html" --source board \
        --url http://board.example/1 >/dev/null 2>&1 || true
    ID=$("$MUD_BINARY" ledger export |
        sed -n 's/.*"object":"\([^"]*\)","op":"capture".*/\1/p' | tail -n 1)
    export ID
}

teardown_file() {
    "$MUD_BINARY" db stop --quiet || true
    rm -rf "$DIR"
}

setup() {
    mudlark=${MUD_BINARY:?}
    [ -n "$ID" ]
}

chromium() {
    command -v chromium-headless-shell chromium google-chrome >/dev/null ||
        skip "no Chromium"
}

@test "a picture is written, kept and in the ledger" {
    chromium
    run "$mudlark" shot "$ID" -o "$DIR/page.png" --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *'"masked":true,"covered":3'* ]]
    sha=$(sha256sum "$DIR/page.png" | cut -c 1-64)
    [[ "$output" == *"$sha"* ]]
    [ "$(cat "$MUDLARK_HOME"/shots/*/"$ID"-*.png | sha256sum | cut -c 1-64)" = "$sha" ]
    grep '"op":"shot"' "$MUDLARK_HOME/ledger/ledger.jsonl" | grep "$sha"
    "$mudlark" ledger verify
    run "$mudlark" shot "$ID" --format text
    [[ "$output" == *"victims' data covered: 3"* ]]
}

@test "without a mask only with a reason, a file and a second person" {
    chromium
    run "$mudlark" shot "$ID" --unmasked
    [ "$status" = 2 ]
    run "$mudlark" shot "$ID" --unmasked --reason "case 7" -o "$DIR/bare.png"
    echo "$output"
    [ "$status" = 1 ]
    [ ! -e "$DIR/bare.png" ]
    ! grep '"masked":false' "$MUDLARK_HOME/ledger/ledger.jsonl"
}

@test "what cannot be drawn is said" {
    run "$mudlark" shot nonsense
    [ "$status" = 2 ]
    MUDLARK_CHROMIUM=/nonexistent run "$mudlark" shot "$ID"
    [ "$status" = 1 ]
    [[ "$output" == *MUDLARK_CHROMIUM* ]]
    chromium
    run "$mudlark" shot 00000000-0000-0000-0000-000000000000
    [ "$status" = 1 ]
}
