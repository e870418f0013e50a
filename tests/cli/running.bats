# How sources and workers do, as an operator sees it.

setup_file() {
    export LANG=C.UTF-8
    unset LC_ALL LC_MESSAGES MUDLARK_DSN
    DIR=$(mktemp -d /tmp/mudlark-running-XXXXXX)
    chmod 755 "$DIR"
    export DIR MUDLARK_HOME="$DIR/home"
    "${MUD_BINARY:?}" replay "$MUD_SOURCE/samples/forum" --port 0 \
        >"$DIR/site" 3>&- &
    echo $! >"$DIR/site.pid"
    for i in 1 2 3 4 5 6 7 8 9; do
        grep -q http "$DIR/site" && break
        sleep 0.3
    done
    url=$(grep -o 'http://[^ ]*' "$DIR/site" | head -n 1)
    add() {
        "$MUD_BINARY" source add "$@" --basis test --quiet --format text
    }
    add board --kind forum --url "$url" --expires 2099-12-31 --allow-private \
        --delay 0
    add down --kind feed --url http://127.0.0.1:9/feed --expires 2099-12-31 \
        --allow-private
    add 群组 --kind chat --expires 2099-12-31
    "$MUD_BINARY" fetch board down --quiet --format ndjson >"$DIR/fetched" ||
        [ $? = 3 ]
}

teardown_file() {
    kill "$(cat "$DIR/site.pid")" || true
    "$MUD_BINARY" db stop --quiet || true
    rm -rf "$DIR"
}

setup() {
    mudlark=${MUD_BINARY:?}
}

@test "source list says the condition of each, in columns" {
    run "$mudlark" source list --format text
    echo "$output"
    [ "$status" = 0 ]
    [[ "${lines[0]}" == "name "*"condition"*"failed"* ]]
    [[ "$output" == *"board  forum  good "*" 0%  http://"* ]]
    [[ "$output" == *"down   feed   failing "*"100%  no answer: http://127.0.0.1:9/"* ]]
    [[ "$output" == *"群组   chat   files "* ]]
    LANG=zh_CN.UTF-8 run "$mudlark" source list --format text
    echo "$output"
    [[ "$output" == *"board  forum  正常"*"down   feed   失败"*"群组   chat   文件"* ]]
}

@test "source show says what came of it and what to do" {
    run "$mudlark" source show board --format text
    echo "$output"
    [[ "$output" == *"condition good"*"next "*"success "*"newest    2026-11-03"* ]]
    [[ "$output" == *"requests  20 in 24 h, 0 failed (0%; stops above 50%)"* ]]
    [[ "$output" == *"skipped   1 in 24 h, 1 ever: needs an account (http://"* ]]
    [[ "$output" == *"covered   14 × thread, 30 ranges"* ]]
    run "$mudlark" source show down --format text
    echo "$output"
    [[ "$output" == *"condition failing: is the site up?"*"1 in a row: no answer: "* ]]
    run "$mudlark" source show down --format ndjson
    [[ "$output" == *'"condition":"failing","todo":"is the site up?'* ]]
    [[ "$output" == *'"last_success":null'*'"failures":1'*'"percent":100'* ]]
    LANG=zh_CN.UTF-8 run "$mudlark" source show board --format text
    [[ "$output" == *"状况      正常"*"跳过 "*"需要登录"*"覆盖      14 个主题，30 段"* ]]
    LANG=zh_CN.UTF-8 run "$mudlark" source show down --format text
    [[ "$output" == *"连续 1 次：网络错误："* ]]
}

@test "a source without an end of errors is stopped, and resumed" {
    "$mudlark" source set down --error-least 2 --error-share 40 --quiet
    run "$mudlark" fetch down --quiet --format text
    echo "$output"
    [ "$status" = 3 ]
    run "$mudlark" source show down --format text
    [[ "$output" == *"state     stopped error budget: 2 of 2 requests failed within 24 h, mostly network"* ]]
    run "$mudlark" fetch down --format text
    [ "$status" = 3 ]
    [[ "$output" == *"stopped: error budget"*"mudlark source resume down"* ]]
    run "$mudlark" stats --format text
    [[ "$output" == *"sources: 1 good, 1 files, 1 stopped; 0 pages wait"* ]]
    "$mudlark" source resume down --quiet
    run "$mudlark" source list --format ndjson
    [[ "$output" == *'"name":"down"'*'"condition":"new"'* ||
        "$output" == *'"name":"down"'*'"condition":"good"'* ]]
}

@test "who is not read has no next round, who is closed has one in its hours" {
    "$mudlark" source pause board --quiet
    run "$mudlark" source show board --format text
    [[ "$output" == *"condition paused: mudlark source resume board"*"next      -"* ]]
    run "$mudlark" source show board --format ndjson
    [[ "$output" == *'"next_round":null'* ]]
    "$mudlark" source resume board --quiet
    # hours that begin in an hour or more
    "$mudlark" source add shut --kind feed --url http://127.0.0.1:9/feed \
        --expires 2099-12-31 --allow-private --basis test --quiet \
        --hours "$(TZ=Asia/Shanghai date -d '2 hours' +%H:00)-$(TZ=Asia/Shanghai date -d '3 hours' +%H:00)"
    run "$mudlark" source list --format text
    echo "$output"
    [[ "$output" =~ shut\ +feed\ +closed\ +-\ +-\ +[0-9]+[mh]\  ]]
    run "$mudlark" source show shut --format text
    [[ "$output" == *"condition closed"*"next "*" (in "* ]]
    run "$mudlark" fetch shut --format text
    echo "$output"
    [ "$status" = 3 ]
    [[ "$output" == *"not fetched: source shut is fetched at "*" only: next at "* ]]
    run "$mudlark" source list --format text # and none the worse for it
    [[ "$output" =~ shut\ +feed\ +closed ]]
    mkdir "$DIR/drop"
    "$mudlark" source add drop --kind folder --folder "$DIR/drop" --basis test \
        --expires 2099-12-31 --quiet
    run "$mudlark" source list --format text
    [[ "$output" == *"drop"*"folder"*"$DIR/drop"* ]]
    run "$mudlark" source show drop --format text
    [[ "$output" == *"folder    $DIR/drop"*"next      now"* ]]
}

@test "a folder in which something grows says so, and only when asked" {
    cp "$MUD_SOURCE/samples/chat/result.json" "$DIR/drop/"
    run "$mudlark" fetch drop --format text
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *"drop: 0 read"*"1 still growing"* ]]
    run "$mudlark" source show drop --format text
    [[ "$output" == *"condition behind: something in it grows"*"next "*"(in "*"s)"* ]]
    touch "$DIR/drop/result.json.done"
    run "$mudlark" fetch drop --format text
    [[ "$output" == *"drop: 1 read"* && "$output" != *"growing"* ]]
    LANG=zh_CN.UTF-8 run "$mudlark" source show drop --format text
    [[ "$output" == *"目录      $DIR/drop"*"状况      正常"* ]]
    "$mudlark" source pause shut --quiet
}

@test "stats names the workers that live" {
    "$mudlark" work --every 60 --quiet --format ndjson >"$DIR/work" 2>&1 3>&- &
    worker=$!
    for i in 1 2 3 4 5 6 7 8 9 10; do
        "$mudlark" stats --format ndjson >"$DIR/stats"
        grep -q '"type":"worker"' "$DIR/stats" && break
        sleep 0.5
    done
    cat "$DIR/stats" "$DIR/work"
    grep -q '"type":"worker".*"role":"work".*"alive":true' "$DIR/stats"
    kill "$worker"
    wait "$worker" || [ $? = 3 ]
    run "$mudlark" stats --format ndjson
    [[ "$output" != *'"type":"worker"'* ]]
}

@test "a second up for one home is refused and names the first" {
    "$mudlark" up --later --listen none --every 600 --quiet >"$DIR/up" 2>&1 3>&- &
    up=$!
    for i in 1 2 3 4 5 6 7 8 9 10; do
        [ -s "$MUDLARK_HOME/up.lock" ] && break
        sleep 0.5
    done
    run "$mudlark" up --later --listen none
    echo "$output"
    [ "$status" = 1 ]
    [[ "$output" == *"mudlark up runs already"*"process $up on "*"mudlark work"* ]]
    kill -KILL "$up"
    wait "$up" || true
    for i in 1 2 3 4 5 6 7 8 9 10; do # its children end with it
        flock -n "$MUDLARK_HOME/up.lock" true && break
        sleep 1
    done
    flock -n "$MUDLARK_HOME/up.lock" true
}

@test "lines of the log are JSON and say source, event and counts" {
    "$mudlark" fetch board down --log json --format ndjson 2>"$DIR/log" \
        >"$DIR/out" || [ $? = 3 ]
    cat "$DIR/log"
    [ -s "$DIR/log" ]
    run grep -v '^{"time":".*"level":".*}$' "$DIR/log"
    [ "$status" = 1 ]
    grep -q '"source":"board","event":"round","counts":{"pages":' "$DIR/log"
    grep -q '"source":"down","event":"round","counts":{.*"failed":1}' "$DIR/log"
}

@test "a terminal shows one line of all sources" {
    type script timeout || skip "no script(1)"
    timeout -s INT 60 script -qfec \
        "$mudlark up --later --every 60 --listen none" "$DIR/typed" \
        </dev/null >/dev/null 2>&1 3>&- &
    pid=$!
    for ((i = 0; i < 200; i++)); do
        grep -q 'pages wait' "$DIR/typed" 2>/dev/null && break
        sleep 0.3
    done
    kill -INT $pid
    wait $pid || true
    run tr '\r' '\n' <"$DIR/typed"
    echo "$output"
    [[ "$output" == *"5 sources, "*" sealed/s, "*" pages wait"* ]]
}
