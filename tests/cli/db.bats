# The private Postgres through the command line: start, stop, status, backup
# and restore in a MUDLARK_HOME of its own.

setup_file() {
    export LANG=C.UTF-8
    unset LC_ALL LC_MESSAGES MUDLARK_DSN
    DIR=$(mktemp -d /tmp/mudlark-db-XXXXXX)
    chmod 755 "$DIR" # a root's server is another user
    export DIR MUDLARK_HOME="$DIR/a home"
}

teardown_file() {
    for home in "$DIR"/*/; do
        MUDLARK_HOME=$home "${MUD_BINARY:?}" db stop --quiet || true
    done
    rm -rf "$DIR"
}

setup() { mudlark=${MUD_BINARY:?}; }

field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"]*\).*/\1/p" <<<"$output"; }

@test "status of what is not there: said, exit 1, nothing made" {
    run "$mudlark" db status --format text
    [ "$status" = 1 ]
    [[ "$output" == *"not made yet"* ]]
    [ ! -e "$MUDLARK_HOME/pg" ]
    run "$mudlark" db stop
    [ "$status" = 0 ]
    [[ "$output" == *"was not running"* ]]
}

@test "start makes and starts it, start again changes nothing" {
    run "$mudlark" db start --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    [ "$(field running)" = true ]
    [ "$(field data)" = "$MUDLARK_HOME/pg" ]
    pid=$(field pid)
    [ -S "$MUDLARK_HOME/run/.s.PGSQL.5432" ]
    run "$mudlark" db start --format ndjson
    [ "$status" = 0 ]
    [ "$(field pid)" = "$pid" ]
    run "$mudlark" db status --format ndjson
    [ "$status" = 0 ]
    [ "$(field pid)" = "$pid" ]
}

@test "it runs as an unprivileged user and listens on no port" {
    run "$mudlark" db status --format ndjson
    pid=$(field pid)
    [ "$(sed -n 's/^Uid:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status")" != 0 ]
    grep -q "^listen_addresses = ''" "$MUDLARK_HOME"/pg/*.conf
}

@test "migrate and check find it in order" {
    run "$mudlark" db migrate
    [ "$status" = 0 ]
    [[ "$output" == *"up to date"* ]]
    run "$mudlark" db check --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *'"verdict":"good"'* ]]
    [[ "$output" != *'"verdict":"bad"'* ]]
}

@test "backup and restore give the same posts" {
    "$mudlark" source add chat --kind chat --basis test --expires 2099-12-31
    "$mudlark" import "$MUD_SOURCE/samples/chat/result.json" --source chat
    "$mudlark" posts --format ndjson | sort >"$DIR/posts"
    [ "$(wc -l <"$DIR/posts")" -gt 40 ]
    run "$mudlark" db backup "$DIR/a.dump" --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    [ "$(field sha256)" = "$(sha256sum <"$DIR/a.dump" | cut -d ' ' -f 1)" ]
    [ "$(field bytes)" = "$(stat -c %s "$DIR/a.dump")" ]

    MUDLARK_HOME=$DIR/other run "$mudlark" db restore "$DIR/a.dump"
    echo "$output"
    [ "$status" = 0 ]
    MUDLARK_HOME=$DIR/other "$mudlark" posts --format ndjson | sort |
        cmp - "$DIR/posts"
}

@test "restore over captures is refused, and done with --force" {
    run "$mudlark" db restore "$DIR/a.dump"
    [ "$status" = 1 ]
    [[ "$output" == *"--force"* ]]
    "$mudlark" posts --format ndjson | sort | cmp - "$DIR/posts"
    "$mudlark" source add extra --kind chat --basis test --expires 2099-12-31
    run "$mudlark" db restore --force "$DIR/a.dump"
    echo "$output"
    [ "$status" = 0 ]
    "$mudlark" posts --format ndjson | sort | cmp - "$DIR/posts"
    run "$mudlark" source list --format ndjson
    [[ "$output" != *'"extra"'* ]]
}

@test "a backup says that the machine key is not in it" {
    run "$mudlark" db backup "$DIR/said.dump" --format text
    [ "$status" = 0 ]
    [[ "$output" == *"not in it"*"machine key"* ]]
}

@test "a backup that was cut off is refused, and nothing is touched" {
    head -c 2000 "$DIR/a.dump" >"$DIR/cut.dump"
    run "$mudlark" db restore --force "$DIR/cut.dump"
    echo "$output"
    [ "$status" = 1 ]
    [[ "$output" == *"cut.dump"* ]]
    "$mudlark" posts --format ndjson | sort | cmp - "$DIR/posts"
    run "$mudlark" db restore "$DIR/none.dump"
    [ "$status" = 1 ]
    [[ "$output" == *"none.dump"* ]]
}

@test "after kill -9 the next command starts it again" {
    run "$mudlark" db status --format ndjson
    kill -9 "$(field pid)"
    "$mudlark" posts --format ndjson | sort | cmp - "$DIR/posts"
}

@test "stop stops it, status says so, a command starts it again" {
    run "$mudlark" db stop
    [ "$status" = 0 ]
    [[ "$output" == *"stopped"* ]]
    run "$mudlark" db status --format text
    [ "$status" = 1 ]
    [[ "$output" == *"stopped"* ]]
    "$mudlark" posts --format ndjson | sort | cmp - "$DIR/posts"
    run "$mudlark" db status
    [ "$status" = 0 ]
}

@test "a path too long for a socket gets one in /tmp" {
    long=$DIR/$(printf 'x%.0s' $(seq 120))
    MUDLARK_HOME=$long run "$mudlark" db start --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    [[ "$(field socket)" == /tmp/mud-* ]]
    MUDLARK_HOME=$long "$mudlark" db stop
}

@test "a relative MUDLARK_HOME is meant from where one stands" {
    cd "$DIR"
    MUDLARK_HOME=other run "$mudlark" db status --format ndjson
    [ "$(field data)" = "$DIR/other/pg" ]
}

@test "places where it cannot be are named, exit 1" {
    : >"$DIR/file"
    MUDLARK_HOME=$DIR/file/home run "$mudlark" db start
    [ "$status" = 1 ]
    [[ "$output" == *"$DIR/file"* ]]
    MUDLARK_HOME=/proc/mudlark run "$mudlark" db start
    [ "$status" = 1 ]
    [[ "$output" == *"/proc/mudlark"* ]]
    MUDLARK_HOME="$DIR/a\"b" run "$mudlark" db start
    [ "$status" != 0 ]
    [[ "$output" == *quote* ]]
}

@test "an outside Postgres is not ours to start; a wrong one is named" {
    MUDLARK_DSN="host='$MUDLARK_HOME/run' user=mudlark dbname=mudlark" \
        run "$mudlark" db start
    [ "$status" = 2 ]
    [[ "$output" == *"MUDLARK_DSN"* ]]
    MUDLARK_DSN=host=/nonexistent run "$mudlark" posts
    [ "$status" = 1 ] || [ "$status" = 75 ]
    [[ "$output" == *"/nonexistent"* ]]
}
