# Postgres goes away in the midst of a round, once for the private server and
# once for one of somebody else's: `up` goes on by itself, nothing is lost.

setup() {
    export LANG=C.UTF-8
    unset LC_ALL LC_MESSAGES MUDLARK_DSN
    mudlark=${MUD_BINARY:?}
    DIR=$(mktemp -d /tmp/mudlark-outage-XXXXXX)
    chmod 755 "$DIR"
    export DIR MUDLARK_HOME="$DIR/home"
    # Slow, so that the round is under way for some seconds.
    "$mudlark" replay "$MUD_SOURCE/samples/forum" --port 0 --slow 3000 \
        >"$DIR/site" 3>&- &
    echo $! >"$DIR/site.pid"
    until_true 50 grep -q http "$DIR/site"
    url=$(grep -o 'http://[^ ]*' "$DIR/site" | head -n 1)
}

teardown() {
    kill "$(cat "$DIR/up.pid" 2>/dev/null)" 2>/dev/null || true
    kill "$(cat "$DIR/site.pid")" || true
    unset MUDLARK_DSN
    MUDLARK_HOME="$DIR/server" "$mudlark" db stop --quiet || true
    MUDLARK_HOME="$DIR/home" "$mudlark" db stop --quiet || true
    rm -rf "$DIR"
}

until_true() { # TENTHS COMMAND...
    tenths=$1
    shift
    for ((i = 0; i < tenths; i++)); do
        "$@" && return 0
        sleep 0.1
    done
    return 1
}

add() {
    "$mudlark" source add board --kind forum --url "$url" --basis test \
        --expires 2099-12-31 --zone +08:00 --allow-private --delay 0
}

go() {
    "$mudlark" up --every 1 --quiet --format ndjson >"$DIR/out" 2>"$DIR/err" 3>&- &
    echo $! >"$DIR/up.pid"
}

held() { "$mudlark" posts --format ndjson 2>/dev/null | wc -l; }
holds() { [ "$(held)" -ge "$1" ]; }
alive() { kill -0 "$(cat "$DIR/up.pid")"; }

all_there() {
    until_true 600 holds 56
    alive
    kill "$(cat "$DIR/up.pid")"
    until_true 300 dead
    [ "$(held)" = 56 ]
    [ "$("$mudlark" posts --format ndjson | grep -o '"id":"[^"]*"' |
        sort -u | wc -l)" = 56 ]
    "$mudlark" verify
    "$mudlark" ledger verify
}

postmaster() { head -n 1 "$MUDLARK_HOME/pg/postmaster.pid"; }
started_anew() { [ "$(postmaster)" != "$server" ]; }

dead() { ! alive 2>/dev/null; }

@test "the private server is killed: up starts it again and goes on" {
    add
    go
    until_true 300 holds 5
    server=$(postmaster)
    kill -9 "$server"
    until_true 300 started_anew # by up: nobody else asks for it
    all_there
}

@test "another's server is restarted: up waits for it and goes on" {
    MUDLARK_HOME="$DIR/server" "$mudlark" db start
    export MUDLARK_DSN="host=$DIR/server/run user=mudlark dbname=mudlark"
    add
    go
    until_true 300 holds 5
    env -u MUDLARK_DSN MUDLARK_HOME="$DIR/server" "$mudlark" db stop
    sleep 3
    alive
    env -u MUDLARK_DSN MUDLARK_HOME="$DIR/server" "$mudlark" db start
    all_there
}

@test "no connection is left: said, with the exit code for later" {
    type psql || skip "psql is not here"
    add
    for ((i = 0; i < 70; i++)); do
        psql -h "$MUDLARK_HOME/run" -U mudlark mudlark \
            -c 'SELECT pg_sleep(8)' >/dev/null 2>&1 3>&- &
    done
    full() { ! "$mudlark" posts --format ndjson >/dev/null 2>"$DIR/said"; }
    until_true 100 full
    run "$mudlark" posts --format ndjson
    echo "$output"
    [ "$status" = 75 ]
    [[ "$output" == *"too many clients"* || "$output" == *"connection slots"* ]]
    # when these eight seconds are over
    until_true 100 "$mudlark" posts --format ndjson
}
