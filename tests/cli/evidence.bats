# Evidence through the command line: sealed, shown, verified, exported; and what
# a changed byte looks like.

setup_file() {
    export LANG=C.UTF-8
    unset LC_ALL LC_MESSAGES MUDLARK_DSN
    DIR=$(mktemp -d /tmp/mudlark-ev-XXXXXX)
    chmod 755 "$DIR"
    export DIR MUDLARK_HOME="$DIR/home"
    mkdir -p "$MUDLARK_HOME" # files of the vault are looked at as they are
    printf '[vault]\nseal = off\n' >"$MUDLARK_HOME/mudlark.conf"
    "${MUD_BINARY:?}" db start --quiet >/dev/null
    for name in chat forum; do
        "$MUD_BINARY" source add $name --kind $name --basis test \
            --expires 2099-12-31 $([ $name = chat ] ||
                echo --url http://127.0.0.1:18088/forum.php --allow-private)
    done
}

teardown_file() {
    "$MUD_BINARY" db stop --quiet || true
    rm -rf "$DIR"
}

setup() {
    mudlark=${MUD_BINARY:?}
    sample=$MUD_SOURCE/samples/chat/result.json
}

field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/p" <<<"$output"; }

@test "import seals a file as it was handed over" {
    run "$mudlark" import "$sample" --source chat --supplier "Officer Li" \
        --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    [ "$(field captures)" = 1 ]
    [ "$(field bytes)" = "$(stat -c %s "$sample")" ]
}

@test "import again adds nothing, and says so" {
    "$mudlark" ledger export >"$DIR/before"
    posts=$("$mudlark" posts --format ndjson | wc -l)
    size=$(du -sb "$MUDLARK_HOME/vault" | cut -f 1)
    run "$mudlark" import "$sample" --source chat --format ndjson
    echo "$output"
    [ "$status" = 0 ] || [ "$status" = 3 ]
    [ "$(field captures)" = 0 ]
    run "$mudlark" import "$sample" --source chat --format text
    [[ "$output" == *"held already"* ]]
    "$mudlark" ledger export | diff "$DIR/before" -
    [ "$("$mudlark" posts --format ndjson | wc -l)" = "$posts" ]
    [ "$(du -sb "$MUDLARK_HOME/vault" | cut -f 1)" = "$size" ]
}

@test "a capture folder is sealed page by page" {
    run "$mudlark" import "$MUD_SOURCE/samples/forum" --source forum \
        --format ndjson
    echo "$output"
    [ "$status" = 0 ] || [ "$status" = 3 ]
    [ "$(field captures)" = "$(wc -l <"$MUD_SOURCE/samples/forum/index.jsonl")" ]
}

# The capture of the sample chat: its id, from the ledger.
capture() {
    "$mudlark" ledger export | grep -m 1 "$(sha256sum <"$sample" | cut -c 1-64)" |
        sed 's/.*"object":"\([^"]*\)".*/\1/'
}

@test "show tells digest, place, supplier and ledger line; --raw gives the bytes" {
    id=$(capture)
    run "$mudlark" show "$id" --verify --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *"$(sha256sum <"$sample" | cut -c 1-64)"* ]]
    [[ "$output" == *"Officer Li"* ]]
    [[ "$output" == *'"verdict":"good"'* || "$output" == *'"verified":true'* ]]
    "$mudlark" user add otto --role officer >/dev/null
    run "$mudlark" show "$id" --raw --reason 'request 12'
    [ "$status" = 1 ]
    "$mudlark" approval approve "$(sed -n 's/.*as request \([0-9]*\);.*/\1/p' \
        <<<"$output")" --as otto >/dev/null
    "$mudlark" show "$id" --raw --reason 'request 12' | cmp - "$sample"
    run "$mudlark" show "$id" --verify --format text
    [ "$status" = 0 ]
    [[ "$output" == *"vault/"* ]]
}

@test "show of what is not held is an error" {
    run "$mudlark" show 00000000-0000-0000-0000-000000000000
    [ "$status" = 1 ]
    [[ "$output" == *"00000000"* ]]
    run "$mudlark" show no-id
    [ "$status" = 1 ] || [ "$status" = 2 ]
    [[ "$output" == *"no-id"* ]]
}

@test "vault and ledger verify; so they do by hand, without Mudlark" {
    run "$mudlark" verify --format text
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *" 0 bad"* ]]
    run "$mudlark" ledger verify
    [ "$status" = 0 ]
    run "$MUD_SOURCE/scripts/verify-vault.sh" "$MUDLARK_HOME"
    echo "$output"
    [ "$status" = 0 ]
}

@test "the ledger's export is a chain of SHA-256" {
    "$mudlark" ledger export >"$DIR/ledger"
    run "$MUD_SOURCE/scripts/verify-ledger.sh" "$DIR/ledger"
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == "$(wc -l <"$DIR/ledger") lines, head "* ]]
    run "$mudlark" verify "$DIR/ledger"
    [ "$status" = 0 ]
    # A changed line, a line left out, and two that changed places.
    sed '2s/"ts":"2/"ts":"1/' "$DIR/ledger" >"$DIR/changed"
    sed 2d "$DIR/ledger" >"$DIR/shorter"
    sed '2{h;d};3G' "$DIR/ledger" >"$DIR/swapped"
    for bad in changed shorter swapped; do
        ! cmp -s "$DIR/ledger" "$DIR/$bad" || false
        run "$MUD_SOURCE/scripts/verify-ledger.sh" "$DIR/$bad"
        [ "$status" = 1 ]
        run "$mudlark" verify "$DIR/$bad"
        echo "$output"
        [ "$status" = 1 ]
        [[ "$output" == *'"verdict":"bad"'* ]]
    done
}

# flip FILE BYTE: another byte there.
flip() {
    local old
    old=$(od -An -tu1 -j "$2" -N 1 "$1")
    printf "\\x$(printf %02x $((old ^ 1)))" |
        dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

@test "a flipped byte in the vault is found and named, and only there" {
    id=$(capture)
    run "$mudlark" show "$id" --format ndjson
    line=$("$mudlark" ledger export | grep "$id" | head -n 1)
    file=$(sed 's/.*"file":"\([^"]*\)".*/\1/' <<<"$line")
    at=$(sed 's/.*"offset":\([0-9]*\).*/\1/' <<<"$line")
    length=$(sed 's/.*"length":\([0-9]*\).*/\1/' <<<"$line")
    [ -f "$MUDLARK_HOME/vault/$file" ]
    chmod u+w "$MUDLARK_HOME/vault/$file"
    flip "$MUDLARK_HOME/vault/$file" $((at + length / 2))
    run "$mudlark" verify --format ndjson
    echo "$output"
    [ "$status" = 1 ]
    [[ "$output" == *'"verdict":"bad"'* ]]
    [[ "$output" == *"$id"* || "$output" == *"$file"* ]]
    run "$mudlark" show "$id" --verify --format ndjson
    echo "$output"
    [ "$status" != 0 ]
    run "$mudlark" ledger verify
    [ "$status" = 0 ]
    run "$MUD_SOURCE/scripts/verify-vault.sh" "$MUDLARK_HOME"
    [ "$status" = 1 ]
    # Put right again, all holds again.
    flip "$MUDLARK_HOME/vault/$file" $((at + length / 2))
    run "$mudlark" verify
    [ "$status" = 0 ]
}

@test "a WARC of the vault verifies by itself; cut off it does not" {
    warc=$(find "$MUDLARK_HOME/vault" -name 'mudlark-*.warc.gz' | head -n 1)
    run "$mudlark" verify "$warc"
    echo "$output"
    [ "$status" = 0 ]
    head -c -20 "$warc" >"$DIR/cut.warc.gz"
    run "$mudlark" verify "$DIR/cut.warc.gz"
    echo "$output"
    [ "$status" = 1 ]
    [[ "$output" == *'"verdict":"bad"'* ]]
    run "$mudlark" verify "$DIR/none.warc.gz"
    [ "$status" = 1 ]
    [[ "$output" == *"none.warc.gz"* ]]
}

@test "a WARC of another hand is taken in, with its supplier" {
    warc=$(find "$MUDLARK_HOME/vault" -name 'mudlark-*.warc.gz' | head -n 1)
    cp "$warc" "$DIR/other.warc.gz"
    run "$mudlark" import "$DIR/other.warc.gz" --source forum \
        --supplier "Partner CERT" --format ndjson
    echo "$output"
    [ "$status" = 0 ] || [ "$status" = 3 ]
    "$mudlark" ledger export | grep -q "Partner CERT"
    run "$mudlark" verify
    [ "$status" = 0 ]
}

@test "an anchor of today proves a capture and shows a ledger that was cut" {
    mkdir "$DIR/far"
    printf '[vault]\nseal = off\n[ledger]\ncopy = %s\n' "$DIR/far" \
        >"$MUDLARK_HOME/mudlark.conf"
    run "$mudlark" ledger anchor --format text
    [ "$status" = 0 ]
    [[ "$output" == *"--now"* ]]
    id=$(capture)
    run "$mudlark" ledger proof "$id"
    [ "$status" = 1 ]
    [[ "$output" == *"ledger anchor --now"* ]]
    run "$mudlark" ledger anchor --now --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    anchor=$DIR/far/$(field file)
    cmp "$anchor" "$MUDLARK_HOME/ledger/anchors/$(field file)"
    "$mudlark" ledger proof "$id" >"$DIR/proof.json"
    check=$MUD_SOURCE/scripts/verify-anchor.py
    run python3 "$check" "$anchor" "$DIR/proof.json"
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *"$(sha256sum <"$sample" | cut -c 1-64)"* ]]
    python3 "$check" "$anchor" "$MUDLARK_HOME/ledger/ledger.jsonl"
    head -n 5 "$MUDLARK_HOME/ledger/ledger.jsonl" >"$DIR/cut.jsonl"
    run python3 "$check" "$anchor" "$DIR/cut.jsonl"
    [ "$status" = 1 ]
    run "$mudlark" ledger status --format ndjson
    [ "$status" = 0 ]
    [ "$(field parts_anchored)" = 1 ]
    [ "$(field lines_not_anchored)" = 1 ]
    "$mudlark" ledger verify
    run "$mudlark" ledger proof no-id
    [ "$status" = 2 ]
    rm "$anchor"
    run "$mudlark" ledger verify --format ndjson
    [ "$status" = 1 ]
    [[ "$output" == *"are missing or changed"* ]]
    printf '[vault]\nseal = off\n' >"$MUDLARK_HOME/mudlark.conf"
}

@test "a key signs anchors, and what is unstamped is said and tried again" {
    run "$mudlark" ledger key new --name "CERT of Example" --format text
    echo "$output"
    [ "$status" = 0 ]
    [ "$(stat -c %a "$MUDLARK_HOME/keys/ledger.key")" = 600 ]
    [[ "$output" != *"PRIVATE"* ]]
    run "$mudlark" ledger key new
    [ "$status" = 2 ]
    [[ "$output" == *"--replace"* ]]
    printf '[ledger]\nstamp = http://127.0.0.1:9/\nstamp_ca = %s\n' \
        "$MUDLARK_HOME/keys/ledger.pem" >"$MUDLARK_HOME/mudlark.conf"
    run "$mudlark" ledger anchor --now --format ndjson
    echo "$output"
    [ "$status" = 3 ]
    [[ "$output" == *"unstamped: time stamp authority"* ]]
    file=$(field file)
    cd "$MUDLARK_HOME/ledger/anchors"
    openssl cms -verify -binary -cades -inform DER -in "$file.p7s" \
        -content "$file" -CAfile "$MUDLARK_HOME/keys/ledger.pem" -out /dev/null
    run "$mudlark" ledger status --format ndjson
    [ "$status" = 0 ]
    [ "$(field signed)" = "$(field anchors)" ]
    [ "$(field stamped)" = 0 ]
    [ "$(field stamp_failures)" = 1 ]
    [[ "$(field unstamped_since)" == 20??-??-?? ]]
    run "$mudlark" ledger verify --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *"are unstamped, since"* ]]
    chmod 644 "$MUDLARK_HOME/keys/ledger.key"
    "$mudlark" import "$sample" --source chat --url file:again.html
    run "$mudlark" ledger anchor --now
    [ "$status" = 1 ]
    [[ "$output" == *"chmod 600"* ]]
    rm "$MUDLARK_HOME/mudlark.conf"
}

@test "a page that was handed over has no second witness" {
    id=$(capture)
    run "$mudlark" witness "$id"
    echo "$output"
    [ "$status" = 2 ]
    [[ "$output" == *"was handed over"* ]]
    run "$mudlark" witness "$id" --with "$id"
    [ "$status" = 2 ]
    run "$mudlark" show "$id" --format ndjson
    [ "$(field sm3)" = "$(openssl dgst -sm3 -r "$sample" | cut -c 1-64)" ]
}

@test "outside its terms nothing is taken" {
    "$mudlark" source add old --kind chat --basis test --expires 2020-01-01
    run "$mudlark" import "$sample" --source old
    echo "$output"
    [ "$status" = 1 ]
    [[ "$output" == *"old"* ]]
    run "$mudlark" import "$sample" --source none
    [ "$status" = 1 ]
    [[ "$output" == *"none"* ]]
}
