# One advert posted by three people in two groups, imported with the binary
# under test: mudlark similar shows who, when and what changed. All made up.

setup_file() {
    export LANG=C.UTF-8
    unset LC_ALL LC_MESSAGES MUDLARK_DSN
    DIR=$(mktemp -d /tmp/mudlark-similar-XXXXXX)
    chmod 755 "$DIR"
    export DIR MUDLARK_HOME="$DIR/home"
    cat >"$DIR/one.json" <<'END'
{"name":"供需一群","type":"private_supergroup","id":900001,"messages":[
{"id":1,"type":"message","date":"2026-11-20T01:00:00","date_unixtime":"1795136400","from":"甲商","from_id":"user9001","text":"长期出售国外肉鸡，支持测试，稳定在线率高，可以走担保，3元一台，需要的老板联系客服，价格优惠量大从优，QQ：9080706050"},
{"id":2,"type":"message","date":"2026-11-20T02:00:00","date_unixtime":"1795140000","from":"乙商","from_id":"user9002","text":"🔥🔥长期出售国外肉鸡 支持测试 稳定在线率高 可以走担保 5元一台 需要的老板联系客服 价格优惠量大从优 QQ 9080706051"},
{"id":3,"type":"message","date":"2026-11-20T03:00:00","date_unixtime":"1795143600","from":"路人","from_id":"user9004","text":"今天天气不错，有没有人一起去公园里散步，看看花，吃点东西，晚上再回家做饭"}
]}
END
    cat >"$DIR/two.json" <<'END'
{"name":"供需二群","type":"private_supergroup","id":900002,"messages":[
{"id":7,"type":"message","date":"2026-11-21T01:00:00","date_unixtime":"1795222800","from":"丙商","from_id":"user9003","text":"【置顶】\n長期出售國外肉鷄，支持測試，穩定在線率高，可以走擔保，需要的老闆聯繫客服，價格優惠量大從優，飛機 @made_up_c"}
]}
END
    "${MUD_BINARY:?}" source add chat --kind chat --basis test --zone +00:00 \
        --expires 2099-12-31 --format text
    "$MUD_BINARY" import "$DIR/one.json" "$DIR/two.json" --source chat
}

teardown_file() {
    "$MUD_BINARY" db stop --quiet || true
    rm -rf "$DIR"
}

setup() { mudlark=${MUD_BINARY:?}; }

# id of the post that holds a text
id_of() {
    "$mudlark" posts --format ndjson | grep "$1" |
        grep -o '"id":"[^"]*"' | head -n 1 | cut -d '"' -f 4
}

@test "similar shows who posted an advert again, and what changed" {
    id=$(id_of 9080706050)
    run "$mudlark" similar "$id" --format text
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *"3 posts, 3 texts, 3 names"* ]]
    [[ "$output" == *丙商*乙商*甲商*"100%"* ]]
    [[ "$output" == *"+qq:9080706051"*"-qq:9080706050"* ]]
    [[ "$output" == *"+telegram:made_up_c"* ]]
    [[ "$output" != *公园* ]]
    LANG=zh_CN.UTF-8 run "$mudlark" similar "$id" --format text
    [[ "$output" == *"3 条帖子，3 种文本，3 个名字"* ]]
}

@test "similar gives records, by post, text or template, and no more than asked" {
    id=$(id_of 9080706051)
    run "$mudlark" similar "$id" --format ndjson
    [ "${#lines[@]}" = 4 ]
    template=$(grep -o '"template":"[^"]*"' <<<"${lines[0]}" | cut -d '"' -f 4)
    content=$(grep -o '"content":"[^"]*"' <<<"${lines[0]}" | cut -d '"' -f 4)
    [[ "${lines[1]}" == *'"type":"repost"'*'"alike":'* ]]
    run "$mudlark" similar "$template" -n 2 --format ndjson
    [ "${#lines[@]}" = 3 ]
    run "$mudlark" similar "$content" --format json
    [ "$status" = 0 ]
    [[ "$output" == "["*"]" ]]
}

@test "similar says what has no double, and what is no id" {
    run "$mudlark" similar "$(id_of 公园)" --format text
    [ "$status" = 0 ]
    [[ "$output" == *"no other text is like it"* ]]
    run "$mudlark" similar 00000000-0000-0000-0000-00000000000a
    [ "$status" = 1 ]
    [[ "$output" == *"no text has the id"* ]]
    run "$mudlark" similar qq:9080706050
    [ "$status" = 2 ]
    [[ "$output" == *"is no id"* ]]
}

@test "a rebuild finds the same templates" {
    id=$(id_of 9080706050)
    before=$("$mudlark" similar "$id" --format ndjson)
    "$mudlark" rebuild --quiet >/dev/null
    [ "$before" = "$("$mudlark" similar "$id" --format ndjson)" ]
}
