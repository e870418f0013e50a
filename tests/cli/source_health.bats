# What an operator sees of a source: drift, gaps, posts that are gone, names.

setup_file() {
    export LANG=C.UTF-8
    unset LC_ALL LC_MESSAGES MUDLARK_DSN
    DIR=$(mktemp -d /tmp/mudlark-health-XXXXXX)
    chmod 755 "$DIR"
    export DIR MUDLARK_HOME="$DIR/home"
    for source in board gone chat; do
        "${MUD_BINARY:?}" source add $source --kind import --basis test \
            --expires 2099-12-31 --zone +08:00 --format text
    done
}

teardown_file() {
    "$MUD_BINARY" db stop --quiet || true
    rm -rf "$DIR"
}

setup() {
    mudlark=${MUD_BINARY:?}
    samples=$MUD_SOURCE/samples
}

# FOLDER FROM TO [SED]: as many threads of the sample, changed by SED, each
# fetched a minute after the one before it.
pages() {
    mkdir -p "$DIR/$1"
    sed "${4:-}" "$samples/parse/mybb/thread.html" >"$DIR/$1/page.html"
    for ((i = $2; i <= $3; i++)); do
        printf '{"url":"https://bazaar.example/showthread.php?tid=%d",' "$i"
        printf '"file":"page.html","status":200,"content_type":"text/html",'
        printf '"fetched_at":"2026-11-20T%02d:%02d:00Z"}\n' $((i / 60)) $((i % 60))
    done >"$DIR/$1/index.jsonl"
    "$mudlark" import "$DIR/$1" --source board --format ndjson
}

@test "a field that is lost is an alarm, which says the selector and ends" {
    pages good 100 130
    run "$mudlark" source show board --format ndjson
    [[ "$output" == *'"drift":0,'*'"alarms":[]'* ]]
    pages bad 131 142 's/class="post_date"/class="when"/'
    run "$mudlark" source show board --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *'"drift":1,'*'"alarms":[{"type":"drift"'* ]]
    [[ "$output" == *'"engine":"mybb","kind":"thread","what":"time","selector":"[post] time = '* ]]
    [[ "$output" == *'"was":1,"was_of":93,"now":0,"now_of":36'* ]]
    [[ "$output" == *'"example_url":"https://bazaar.example/showthread.php?tid='* ]]
    run "$mudlark" source show board --format text
    [[ "$output" == *"DRIFT posts with time 0% (of 36), before 100% (of 93), since 2026-11-20 10:11"* ]]
    [[ "$output" == *"selector [post] time = "*"example https://"*"mudlark show"* ]]
    run "$mudlark" source list --format text
    [[ "$output" == *"board"*"DRIFT 1"* ]]
    [ "$(grep -c DRIFT <<<"$output")" = 1 ]
    run "$mudlark" stats --format ndjson
    [[ "$output" == *'"type":"drift"'*'"source":"board"'* ]]
    run "$mudlark" stats --format text
    [[ "$output" == *"DRIFT posts with time"* ]]
    LANG=zh_CN.UTF-8 run "$mudlark" source list --format text
    [[ "$output" == *"漂移 1"* ]]
    run pages again 143 160
    run "$mudlark" source show board --format ndjson
    [[ "$output" == *'"drift":0,'*'"alarms":[{"type":"drift"'*'"cleared":"2'* ]]
    run "$mudlark" stats --format ndjson
    [[ "$output" != *'"type":"drift"'* ]]
    "$mudlark" rebuild --quiet
    run "$mudlark" source show board --format ndjson
    [[ "$output" == *'"drift":0,'*'"alarms":[{"type":"drift"'*'"cleared":"2'* ]]
}

@test "import says that alarms stand" {
    run pages worse 161 175 's/class="post_date"/class="when"/'
    run "$mudlark" import "$DIR/worse" --source board --format text
    [[ "$output" == *"1 alarms of drift stand"* ]]
}

@test "gaps: what listings state against what is held, by thread and board" {
    mkdir "$DIR/forum"
    cp "$samples"/forum/*.html "$DIR/forum"
    # All but one thread, and the second page of another.
    grep -v -e 'thread-103-1' -e 'thread-108-2-1' "$samples/forum/index.jsonl" \
        >"$DIR/forum/index.jsonl"
    "$mudlark" source add forum --kind import --basis test --zone +08:00 \
        --expires 2099-12-31
    run "$mudlark" import "$DIR/forum" --source forum
    [ "$status" = 3 ]
    run "$mudlark" source gaps forum --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *'"type":"gap_board","schema":1,"board":'* ]]
    [[ "$output" == *'"type":"gap","schema":1,"thread":"103",'*'"held":0,'* ]]
    first=$(grep -m1 '"thread":"103"' <<<"$output")
    shown=$(grep -o '"shown":[0-9]*' <<<"$first" | cut -d: -f2)
    missing=$(grep -o '"missing":[0-9]*' <<<"$first" | cut -d: -f2)
    [ "$shown" = "$missing" ]
    run "$mudlark" source gaps forum --limit 1 --format text
    [[ "$output" == *"shown"*"held"*"since 2026-11-20"* ]]
    run "$mudlark" source show forum --format text
    [[ "$output" == *"missing "*" posts in "*" threads"* ]]
    run "$mudlark" source gaps nosuch
    [ "$status" = 1 ]
}

message() { # ID TEXT
    printf '{"id":%d,"type":"message","date":"2024-03-05T08:00:00",' "$1"
    printf '"date_unixtime":"17095968%02d","from":"%s",' "$1" "$name"
    printf '"from_id":"user5900020001"%s,"text":"%s"}' "$3" "$2"
}

# TITLE IDS... : an export of the group with these messages.
export_of() {
    title=$1
    shift
    printf '{"name":"%s","type":"private_supergroup","id":1899000555,' "$title"
    printf '"messages":['
    comma=
    for id; do
        printf '%s' "$comma"
        message "$id" "出售肉鸡5000台，3元一台，联系QQ：981234567$id" "$reply"
        comma=,
    done
    printf ']}'
}

@test "chats: stretches that no export covers, replies to what is not held" {
    name=阿禾 reply=
    mkdir -p "$DIR/a" "$DIR/b" "$DIR/c"
    export_of 样例群 1 2 3 >"$DIR/a/result.json"
    reply=',"reply_to_message_id":5'
    export_of 样例群 7 8 9 >"$DIR/b/result.json"
    "$mudlark" import "$DIR/a/result.json" --source chat
    "$mudlark" import "$DIR/b/result.json" --source chat
    run "$mudlark" source gaps chat --format ndjson
    echo "$output"
    [[ "$output" == *'"type":"gap_stretch"'*'"unit":"id","from":4,"to":6,"ids":3,'* ]]
    [[ "$output" == *'"type":"gap_replies"'*'"messages":1,"example":"5"'* ]]
    run "$mudlark" source gaps chat --format text
    [[ "$output" == *"ids 4-6 in no export"*"1 messages are answered"* ]]
}

@test "a message that a later export lacks is gone; a group and a seller keep their names" {
    name=阿禾二号 reply=
    export_of 新样例群 1 3 7 8 9 >"$DIR/c/result.json"
    "$mudlark" import "$DIR/c/result.json" --source chat
    run "$mudlark" posts --source chat --format ndjson
    echo "$output"
    [ "$(grep -c '"gone":{"state":"deleted"' <<<"$output")" = 1 ]
    gone=$(grep '"gone":' <<<"$output")
    [[ "$gone" == *'"post":"2"'*'"known_by":"id","last_seen":'* ]]
    id=$(grep -o '"id":"[^"]*"' <<<"$gone" | head -1 | cut -d'"' -f4)
    run "$mudlark" show "$id" --format text
    [[ "$output" == *"gone: seen last"*"missing in the capture of"* ]]
    run "$mudlark" show 1899000555 --format ndjson
    echo "$output"
    [[ "$output" == *'"names":[{"name" : "样例群"'*'{"name" : "新样例群"'* ]]
    run "$mudlark" show user5900020001 --format text
    echo "$output"
    [[ "$output" == *"named 阿禾: posts of 2024-03-05"*"named 阿禾二号: "* ]]
}
