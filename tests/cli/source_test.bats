# `mudlark source test`: what is recognised in a saved page, field by field.

setup() {
    mudlark=${MUD_BINARY:?}
    export LANG=C.UTF-8
    unset LC_ALL LC_MESSAGES
    # Whoever tried a database or wrote data would fail here.
    export MUDLARK_HOME=/nonexistent/mudlark MUDLARK_DSN=host=/nonexistent
    samples=$BATS_TEST_DIRNAME/../../samples/parse
    cd "$BATS_TEST_TMPDIR"
}

@test "a page that a description knows: engine, fields, examples" {
    run "$mudlark" source test "$samples/mybb/thread.html" \
        --url 'https://bazaar.example/showthread.php?tid=23' --format ndjson
    [ "$status" = 0 ]
    [[ "$output" == *'"type":"source_test"'*'"engine":"mybb","kind":"thread"'* ]]
    [[ "$output" == *'{"field":"author","filled":3,"example":"Sam [9]","nothing_found":false'* ]]
    run "$mudlark" source test "$samples/mybb/thread.html" --format text
    [ "$status" = 0 ]
    [[ "$output" == *"author          3/3"* ]]
}

@test "a selector that lost its field is named, and the exit says so" {
    sed 's/class="post_date"/class="when"/' "$samples/mybb/thread.html" >lost.html
    run "$mudlark" source test lost.html --format ndjson
    [ "$status" = 3 ]
    [[ "$output" == *'{"field":"time","filled":3,"example":'*'"nothing_found":true'*'"code":"reskinned"'* ]]
    run "$mudlark" source test lost.html --format text
    [[ "$output" == *"time"*"its selector found nothing; by structure: 2026"* ]]
}

@test "an unknown board is read by its structure, another page by nothing" {
    run "$mudlark" source test "$samples/generic/thread.html" --format ndjson \
        --url https://hall.example/t/512-old-phones
    [ "$status" = 0 ]
    [[ "$output" == *'"engine":"generic"'*'"code":"generic"'* ]]
    echo '<html><body><p>Gardens.</p></body></html>' >other.html
    run "$mudlark" source test other.html --format ndjson
    [ "$status" = 3 ]
    [[ "$output" == *'"kind":"unknown"'*'"code":"unknown-engine"'* ]]
}

@test "no file and no such engine are said" {
    run "$mudlark" source test nosuch.html
    [ "$status" = 1 ]
    [[ "$output" == *nosuch.html* ]]
    run "$mudlark" source test "$samples/mybb/thread.html" --engine nosuch
    [ "$status" = 2 ]
    [[ "$output" == *"no engine nosuch"* ]]
}

serve() { # FOLDER: a site on loopback; its first address in $site
    "$mudlark" replay "$1" --port 18093 >served 3>&- &
    echo $! >served.pid
    for _ in $(seq 100); do
        grep -q http served && break
        sleep 0.05
    done
    site=$(grep -o 'http://[^ ]*' served)
    origin=${site%"${site#http://*/}"}
}

teardown() {
    [ ! -f served.pid ] || kill "$(<served.pid)" || true
}

@test "an address is fetched under limits, read, and nothing is sealed" {
    serve "$samples/../forum"
    run "$mudlark" source test "${origin}thread-102-1-1.html" \
        --allow-private --zone +08:00 --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *'"fetched":{"url":"'"$origin"*'"redirects":0,"status":200,'*'"sealed":false}'* ]]
    [[ "$output" == *'"engine":"discuz","kind":"thread"'* ]]
    [[ "$output" == *'"field":"author","filled":'*'"share":1'* ]]
    run "$mudlark" source test "$site" --allow-private --format text
    [ "$status" = 0 ]
    [[ "$output" == *"HTTP 200"*"nothing was sealed"*"kind      index"* ]]
}

@test "an address that is not public, of another scheme or with --url is refused" {
    serve "$samples/../forum"
    run "$mudlark" source test "$site"
    [ "$status" = 1 ]
    [[ "$output" == *"loopback address"* ]]
    run "$mudlark" source test "ftp://127.0.0.1/x" --allow-private
    [ "$status" = 1 ]
    run "$mudlark" source test "$site" --allow-private --url "$site"
    [ "$status" = 2 ]
    run "$mudlark" source test "$samples/mybb/thread.html" --source board
    [ "$status" = 2 ]
    [[ "$output" == *"read as a file"* ]]
    run "$mudlark" source test "$site" --source board --proxy http://127.0.0.1:9
    [ "$status" = 2 ]
}

@test "with --source: its scope and zone, and not while it is paused" {
    serve "$samples/../forum"
    unset MUDLARK_DSN
    MUDLARK_HOME=$(mktemp -d /tmp/mudlark-sight-XXXXXX)
    chmod 755 "$MUDLARK_HOME"
    "$mudlark" source add board --kind forum --basis test --expires 2099-12-31 \
        --url "$site" --path '/forum.php' --zone +08:00 --allow-private
    run "$mudlark" source test "$site" --source board --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    run "$mudlark" source test "${origin}other.php" --source board
    [ "$status" = 1 ]
    [[ "$output" == *"outside the scope of the source"* ]]
    "$mudlark" source pause board
    run "$mudlark" source test "$site" --source board
    [ "$status" = 1 ]
    [[ "$output" == *"source board is paused"* ]]
    run "$mudlark" source test "$site" --source nosuch
    [[ "$output" == *"no source nosuch"* ]]
    run "$mudlark" stats --format ndjson
    [[ "$output" == *'"captures":0'* ]]
    "$mudlark" db stop --quiet
    rm -rf "$MUDLARK_HOME"
}

@test "a proxy is shown, holds no password, and is what .onion needs" {
    unset MUDLARK_DSN
    MUDLARK_HOME=$(mktemp -d /tmp/mudlark-sight-XXXXXX)
    chmod 755 "$MUDLARK_HOME"
    add="source add far --kind forum --url http://hidden.onion/ --basis test
        --expires 2099-12-31"
    # shellcheck disable=SC2086
    run "$mudlark" $add --proxy socks5h://me:word@127.0.0.1:9
    [ "$status" = 2 ]
    [[ "$output" == *"proxy_password into the file secrets/far"* ]]
    [[ "$output" != *word@* ]]
    # shellcheck disable=SC2086
    "$mudlark" $add --proxy socks5h://127.0.0.1:9 --any-certificate
    run "$mudlark" source show far --format text
    echo "$output"
    [[ "$output" == *"proxy     socks5h://127.0.0.1:9"*"tls       any certificate"* ]]
    run "$mudlark" source show far --format ndjson
    [[ "$output" == *'"any_certificate":true'* ]]
    run "$mudlark" source test http://hidden.onion/
    [ "$status" = 1 ]
    [[ "$output" == *"needs a socks5h proxy"* ]]
    run "$mudlark" source test http://hidden.onion/ --proxy http://me:word@127.0.0.1:9
    [ "$status" = 2 ]
    [[ "$output" == *"others see the command line"* ]]
    "$mudlark" db stop --quiet
    rm -rf "$MUDLARK_HOME"
}
