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
    [[ "$output" == *'{"field":"author","filled":3,"example":"Sam [9]","nothing_found":false}'* ]]
    run "$mudlark" source test "$samples/mybb/thread.html" --format text
    [ "$status" = 0 ]
    [[ "$output" == *"author          3/3"* ]]
}

@test "a selector that lost its field is named, and the exit says so" {
    sed 's/class="post_date"/class="when"/' "$samples/mybb/thread.html" >lost.html
    run "$mudlark" source test lost.html --format ndjson
    [ "$status" = 3 ]
    [[ "$output" == *'{"field":"time","filled":0,"example":'*'"nothing_found":true}'* ]]
    run "$mudlark" source test lost.html --format text
    [[ "$output" == *"time"*"its selector found nothing"* ]]
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
