# What was read, for people and for programs: the sample forum fetched and the
# sample chat taken in with the binary under test, then every query in every
# form, in both languages.

setup_file() {
    export LANG=C.UTF-8
    unset LC_ALL LC_MESSAGES MUDLARK_DSN
    DIR=$(mktemp -d /tmp/mudlark-query-XXXXXX)
    chmod 755 "$DIR"
    export DIR MUDLARK_HOME="$DIR/home"
    mkdir -p "$MUDLARK_HOME" # files of the vault are looked at as they are
    printf '[vault]\nseal = off\n' >"$MUDLARK_HOME/mudlark.conf"
    "${MUD_BINARY:?}" replay "$MUD_SOURCE/samples/forum" >"$DIR/site" 3>&- &
    echo $! >"$DIR/pid"
    "$MUD_BINARY" source add forum --kind forum --basis test --delay 0 \
        --url http://127.0.0.1:18088/forum.php --zone +08:00 --parallel 4 \
        --expires 2099-12-31 --allow-private --format text
    "$MUD_BINARY" source add chat --kind chat --basis test --zone +08:00 \
        --expires 2099-12-31 --format text
    "$MUD_BINARY" import "$MUD_SOURCE/samples/chat/result.json" --source chat
}

teardown_file() {
    kill "$(<"$DIR/pid")" || true
    "$MUD_BINARY" db stop --quiet || true
    rm -rf "$DIR"
}

setup() { mudlark=${MUD_BINARY:?}; }

# first FIELD COMMAND...: that field of its first record.
first() {
    local field=$1
    shift
    "$mudlark" "$@" --format ndjson | head -n 1 |
        grep -o "\"$field\":\"[^\"]*\"" | tail -n 1 | cut -d '"' -f 4
}

@test "fetch says what was read, sealed and skipped: exit 3" {
    run "$mudlark" fetch forum --format text
    echo "$output"
    [ "$status" = 3 ]
    [[ "$output" == *"forum: 20 read, 20 sealed"*"needs an account"* ]]
    run "$mudlark" fetch no-such
    [ "$status" = 1 ]
    [[ "$output" == *"no-such"* ]]
}

@test "up --once ends with a summary" {
    sleep 1 # the source's round is this long ago at least
    run "$mudlark" up --once --every 1 --format text
    echo "$output"
    [ "$status" = 3 ]
    [[ "$output" == *"top sellers"*"chain of evidence"*"sha256"*"what to try next"* ]]
    LANG=zh_CN.UTF-8 run "$mudlark" up --once --format text
    [ "$status" = 0 ] # it had its round a moment ago
    [[ "$output" == *"下一轮"*"主要卖家"*"sha256"* ]]
}

@test "two workers at once add nothing twice" {
    before=$("$mudlark" posts --format ndjson | wc -l)
    sleep 1
    "$mudlark" work --once --every 1 --format ndjson >"$DIR/one" 2>&1 3>&- &
    run "$mudlark" work --once --every 1 --format text
    echo "$output"
    [ "$status" = 0 ] || [ "$status" = 3 ]
    [[ "$output" != *"top sellers"* ]]
    wait $! || [ $? = 3 ]
    [ "$("$mudlark" posts --format ndjson | wc -l)" = "$before" ]
}

@test "each list in each form" {
    for list in posts offers sellers contacts; do
        n=$("$mudlark" $list --format ndjson | grep -c '^{.*"schema": *1,.*}$')
        echo "$list: $n"
        [ "$n" -gt 5 ]
        "$mudlark" $list --format json >"$DIR/json"
        [ "$(grep -c '^{' "$DIR/json")" = "$n" ]
        [ "$(head -c 1 "$DIR/json")$(tail -c 2 "$DIR/json")" = "[]" ]
        run "$mudlark" $list --format text
        [ "$status" = 0 ]
        [ "${#output}" -gt 500 ]
        [[ "$output" != *'{"type"'* && "$output" != *$'\033'* ]]
        run "$mudlark" $list --source chat --format ndjson
        [ "$status" = 0 ]
        [[ "$output" == *'"type"'* ]]
        run "$mudlark" $list --source no-such
        [ "$status" = 1 ]
    done
}

@test "lists by time and number" {
    n=$("$mudlark" posts --format ndjson | wc -l)
    late=$("$mudlark" posts --since 2026-10-20 --format ndjson | wc -l)
    [ "$late" -gt 0 ]
    [ "$late" -lt "$n" ]
    run "$mudlark" posts --since yesterday
    [ "$status" = 2 ]
    [[ "$output" == *"--since"*"yesterday"* ]]
}

@test "search, for people and for programs" {
    run "$mudlark" search 肉鸡 --format text
    [ "$status" = 0 ]
    [[ "$output" == *"肉鸡"* ]]
    [ "$("$mudlark" search 肉鸡 --format ndjson | wc -l)" -gt 2 ]
}

@test "search by facets, page by page, and counts" {
    run "$mudlark" search 'category:bots side:sell sort:best' --format text
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *"肉鸡"* ]]
    run "$mudlark" search 肉鸡 -n 1 --cursor first --format ndjson
    [ "${#lines[@]}" = 2 ]
    cursor=$(grep -o '"cursor":"[^"]*"' <<<"${lines[1]}" | cut -d '"' -f 4)
    run "$mudlark" search 肉鸡 -n 1 --cursor "$cursor" --format ndjson
    [ "${#lines[@]}" = 2 ]
    run "$mudlark" search --facets is:offer --format text
    [ "$status" = 0 ]
    [[ "$output" == *"category"*"bots"* ]]
    run "$mudlark" search 'colour:red'
    [ "$status" = 2 ]
    [[ "$output" == *'column 1: there is no field "colour": category'* ]]
}

@test "who sold that" {
    run "$mudlark" sellers --sold 肉鸡 --format text
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *"post(s) of"* ]]
    run "$mudlark" sellers --sold 肉鸡 --in 1999-03 --format text
    [ "$output" = nobody ]
    run "$mudlark" sellers --in 1999-03
    [ "$status" = 2 ]
}

@test "what a page and a post said on a day" {
    url=$(first page_url posts --source forum)
    run "$mudlark" show "$url" --format text
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == "$url"*"captured"*"text 0"* ]]
    run "$mudlark" show "$url" --as-of 1999-03-05
    [ "$status" = 1 ]
    [[ "$output" == *"was not captured until then: first at 20"* ]]
    run "$mudlark" show "$(first id posts)" --history --format text
    [ "$status" = 0 ]
    [[ "$output" == *"text 0"* ]]
    run "$mudlark" show no-such --history
    [ "$status" = 2 ]
}

@test "show explains a post, a contact, a seller and a capture" {
    for id in $(first id posts) $(first id contacts) $(first id sellers) \
        $(first capture posts); do
        for form in text ndjson; do
            run "$mudlark" show "$id" --format $form
            echo "$output"
            [ "$status" = 0 ]
            [ "${#output}" -gt 60 ]
        done
        LANG=zh_CN.UTF-8 run "$mudlark" show "$id" --format text
        [ "$status" = 0 ]
    done
}

@test "why leads from one to the other, each step with quote and digest" {
    run "$mudlark" why qq:9812005566 telegram:laowang_jc --format text
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *"1. "*"sha256"*"ledger line"* ]]
    run "$mudlark" why qq:9812005566 telegram:laowang_jc --format ndjson
    [ "$status" = 0 ]
    [[ "$output" == *'"sha256":"'* ]]
    run "$mudlark" why qq:1 qq:2
    [ "$status" = 1 ]
}

@test "a source is shown, paused, resumed and removed" {
    run "$mudlark" source show chat --format text
    [ "$status" = 0 ]
    [[ "$output" == *"test"* ]]
    run "$mudlark" source pause forum
    [ "$status" = 0 ]
    run "$mudlark" fetch forum
    [ "$status" = 3 ]
    [[ "$output" == *"paused"* ]]
    run "$mudlark" source resume forum
    [ "$status" = 0 ]
    "$mudlark" source add gone --kind chat --basis test --expires 2099-12-31
    run "$mudlark" source remove gone
    [ "$status" = 0 ]
    run "$mudlark" source list --format text
    [ "$status" = 0 ]
    [[ "$output" == *"forum"* ]]
}

@test "what cannot be a source is refused, and why" {
    run "$mudlark" source add bad --kind forum --basis test --expires 2099-12-31
    [ "$status" = 2 ] || [ "$status" = 1 ]
    [[ "$output" == *"--url"* ]]
    run "$mudlark" source add bad --kind forum --url http://a.example/ \
        --expires 2099-12-31
    [[ "$status" != 0 && "$output" == *"--basis"* ]]
    run "$mudlark" source add bad --kind chat --basis test --expires soon
    [[ "$status" != 0 && "$output" == *"soon"* ]]
}

@test "selftest and stats in both languages" {
    for LANG in C.UTF-8 zh_CN.UTF-8; do
        export LANG
        run "$mudlark" selftest --format text
        echo "$output"
        [ "$status" = 0 ]
        run "$mudlark" stats --format text
        [ "$status" = 0 ]
        [[ "$output" == *"105"* ]]
    done
    run "$mudlark" selftest --format ndjson
    [[ "$output" == *'"type"'* ]]
}

@test "parse reads the vault's own WARC" {
    warc=$(find "$MUDLARK_HOME/vault" -name 'mudlark-*.warc.gz' -printf '%s %p\n' |
        sort -n | tail -n 1 | cut -d ' ' -f 2) # the largest
    run "$mudlark" parse "$warc"
    [ "$status" = 0 ]
    [ "$(grep -c '"type":"post"' <<<"$output")" -gt 5 ]
}

@test "trends, and the file of rates" {
    run "$mudlark" trends offers --by month --since 2015-01-01 --format text
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *"bots"* ]]
    run "$mudlark" trends prices --since 2015-01-01 --format ndjson
    [ "$status" = 0 ]
    [[ "$output" == *'"index":true'*'"left_out"'* ]]
    printf '2026-03-02\tUSD\t7.1\tmade up\n' >"$MUDLARK_HOME/rates.tsv"
    run "$mudlark" rates check
    [[ "$output" == *"1 rates"*"USD: 1, the last of"*"7.1 CNY (made up)"* ]]
    printf 'x\n' >>"$MUDLARK_HOME/rates.tsv"
    run "$mudlark" rates check
    [ "$status" = 1 ]
    [[ "$output" == *"rates.tsv: line 2: wants four parts"* ]]
    run "$mudlark" trends cats
    [ "$status" = 2 ]
    rm "$MUDLARK_HOME/rates.tsv"
}

@test "saved searches: new hits once, to terminal and folder" {
    run "$mudlark" alert add qq 'has:contact 新货'
    echo "$output"
    [ "$status" = 0 ]
    run "$mudlark" alert run --format text
    [ -z "$output" ]
    sleep 1
    for i in 1 2; do
        printf '{"name":"g","type":"private_supergroup","id":9,"messages":[{"id":%s,"type":"message","date":"2026-11-20T10:00:0%s","from":"n%s","from_id":"user%s","text":"新货肉鸡出售 QQ9812345670"}]}' \
            "$i" "$i" "$i" "$i" >"$DIR/new$i.json"
        "$mudlark" import "$DIR/new$i.json" --source chat
    done
    mkdir "$DIR/spool"
    run "$mudlark" alert run --spool "$DIR/spool" --format ndjson
    echo "$output"
    [ "${#lines[@]}" = 1 ]
    [[ "$output" == *'"posts":2'* ]]
    [ "$(cat "$DIR"/spool/*.json)" = "$output" ]
    run "$mudlark" alert run --format ndjson
    [ -z "$output" ]
    hit=$(grep -o '"hit":[0-9]*' "$DIR"/spool/*.json | cut -d : -f 2)
    "$mudlark" alert mark "$hit" --state kept --note good
    run "$mudlark" alert show qq --state kept --format text
    [[ "$output" == *"1 kept"*"新货肉鸡"* ]]
    "$mudlark" alert mute qq
    run "$mudlark" alert list --format text
    [[ "$output" == *"qq (muted)"* ]]
    "$mudlark" alert remove qq
    run "$mudlark" alert run qq
    [ "$status" = 1 ]
}
