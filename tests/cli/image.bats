# Images on the command line: what they show, and where the same picture was
# seen. Samples are made up.

setup_file() {
    export LANG=C.UTF-8
    unset LC_ALL LC_MESSAGES MUDLARK_DSN
    DIR=$(mktemp -d /tmp/mudlark-image-XXXXXX)
    chmod 755 "$DIR"
    export DIR MUDLARK_HOME="$DIR/home"
    mkdir -p "$DIR/export/photos"
    cp "${MUD_SOURCE:?}/samples/image/list-zh.png" "$DIR/export/photos/1.png"
    cat >"$DIR/export/result.json" <<'END'
{"name":"供需群","type":"private_supergroup","id":900001,"messages":[
{"id":1,"type":"message","date":"2026-11-20T01:00:00","date_unixtime":"1795136400","from":"甲商","from_id":"user9001","photo":"photos/1.png","text":"看图"}
]}
END
    "${MUD_BINARY:?}" source add chat --kind chat --basis test --zone +00:00 \
        --expires 2099-12-31 --media --format text
    "$MUD_BINARY" import "$DIR/export" --source chat
}

teardown_file() {
    "$MUD_BINARY" db stop --quiet || true
    rm -rf "$DIR"
}

setup() {
    mudlark=${MUD_BINARY:?}
    if "$mudlark" parse "$MUD_SOURCE/samples/image/code.png" |
        grep -q '"tools":{[^}]*null'; then
        skip "built without what reads images"
    fi
}

@test "parse says what an image shows and where" {
    run "$mudlark" parse "$MUD_SOURCE/samples/image/code.png"
    [ "$status" = 0 ]
    [[ "$output" == *'"type":"image"'*'"format":"png"'* ]]
    [[ "$output" == *'"qr":[{"text":"https://t.me/made_up_shop","box":['* ]]
    run "$mudlark" parse "$MUD_SOURCE/samples/image/list-zh.png"
    [[ "$output" == *'"ocr":[{"text":"DD'*'9123456780'*'"confidence":'* ]]
}

@test "what an image says is read as the text of an attachment" {
    text=$("$mudlark" parse "$MUD_SOURCE/samples/image/list-zh.png" |
        sed 's/.*"text":"\(DD[^"]*\)","qr".*/\1/')
    run "$mudlark" extract <<<'{"id":"1","text":"","attachments":["'"$text"'"]}'
    echo "$output"
    [[ "$output" == *'"category":"attack_for_hire"'*'"is_offer":true'* ]]
    [[ "$output" == *'"in":"attachments/0"'*'"value":"9123456780"'* ]]
    [[ "$output" == *'"amount_min":2500'* ]]
    run "$mudlark" extract <<<'{"id":"1","text":"hi","attachments":["a.jpg"]}'
    [[ "$output" == *'"entities":[]'* ]]
}

@test "similar finds the posts that show a picture" {
    run "$mudlark" similar "$MUD_SOURCE/samples/image/list-zh.png" --format text
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *"1 posts, 1 files, 1 names"*"100%"*甲商*photos/1.png* ]]
    digest=$(sha256sum "$MUD_SOURCE/samples/image/list-zh.png" | cut -c 1-64)
    run "$mudlark" similar "$digest" --format ndjson
    [[ "${lines[1]}" == *'"differ":0'*'"says":"'*9123456780* ]]
    run "$mudlark" similar "$MUD_SOURCE/samples/image/list-en.png" --format text
    [[ "$output" == *"0 posts"* ]]
    run "$mudlark" similar "${digest//[0-9]/0}"
    [ "$status" = 1 ]
    [[ "$output" == *"no image was read"* ]]
}

@test "why shows the picture that a contact stands in, and where" {
    run "$mudlark" why user9001 qq:9123456780 --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    digest=$(sha256sum "$MUD_SOURCE/samples/image/list-zh.png" | cut -c 1-64)
    [[ "$output" == *'"in":"attachments"'*'"sha256":"'"$digest"* ]]
    [[ "$output" == *'"boxes":[['*'"by":"ocr","confidence":'* ]]
}

@test "a source without --media takes no image" {
    "$mudlark" source add texts --kind chat --basis test --expires 2099-12-31 \
        --format text
    run "$mudlark" import "$DIR/export" --source texts
    [[ "$output" == *media-off* ]]
    run "$mudlark" source show texts --format ndjson
    [[ "$output" == *'"media":false'* ]]
}
