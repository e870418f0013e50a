# Who is who in a chat whose sellers are known (samples/identity/make.py), and
# what people decide about it, with the binary under test.

setup_file() {
    export LANG=C.UTF-8
    unset LC_ALL LC_MESSAGES MUDLARK_DSN
    DIR=$(mktemp -d /tmp/mudlark-identity-XXXXXX)
    chmod 755 "$DIR"
    export DIR MUDLARK_HOME="$DIR/home"
    "${MUD_BINARY:?}" source add chat --kind chat --basis test --zone +08:00 \
        --expires 2099-12-31 --format text
    "$MUD_BINARY" import "$MUD_SOURCE/samples/identity/result.json" \
        --source chat
    "$MUD_BINARY" user add li --role analyst --format text
}

teardown_file() {
    "$MUD_BINARY" db stop --quiet || true
    rm -rf "$DIR"
}

setup() { mudlark=${MUD_BINARY:?}; }

# actor ACCOUNT: the id of the seller that holds it.
actor() {
    "$mudlark" sellers --format ndjson |
        python3 -c 'import json, sys
for line in sys.stdin:
    seller = json.loads(line)
    if any(p["account"] == sys.argv[1] for p in seller["personas"]):
        print(seller["id"])' "user990002000$1"
}

@test "a second account and a new one that says so are found" {
    [ -n "$(actor 1)" ]
    [ "$(actor 1)" = "$(actor 2)" ]
    [ "$(actor 4)" = "$(actor 6)" ]
    [ "$(actor 1)" != "$(actor 4)" ]
}

@test "a look-alike is flagged and not merged, nor is who passes adverts on" {
    [ "$(actor 3)" != "$(actor 1)" ]
    [ "$(actor 5)" != "$(actor 1)" ]
    [ "$(actor 5)" != "$(actor 4)" ]
    run "$mudlark" why user9900020003 user9900020001 --format text
    echo "$output"
    [ "$status" = 0 ]
    [[ $output == *"looks like"* || $output == *"is imitated by"* ]]
    [[ $output == *"9812345760 / 9812345670"* ]]
    run "$mudlark" why user9900020005 qq:9855555550 --format text
    echo "$output"
    [[ $output == *"joins nobody: in others' adverts, passed on"* ]]
}

@test "verdicts hold, say who and why, and can be taken back" {
    run "$mudlark" actor confirm user9900020003 user9900020001
    [ "$status" = 2 ]
    "$mudlark" actor confirm user9900020003 user9900020001 \
        --reason "seen by hand" --format text
    [ "$(actor 3)" = "$(actor 1)" ]
    run "$mudlark" why user9900020003 user9900020001 --format text
    [[ $output == *"was confirmed to be one with"* ]]
    [[ $output == *"seen by hand"* ]]
    "$mudlark" rebuild --quiet
    [ "$(actor 3)" = "$(actor 1)" ]
    run "$mudlark" actor history user9900020003 --format text
    echo "$output"
    [[ $output == *"confirm"*"$(id -un)"* ]]
    [[ $output == *"came to"* ]]
    "$mudlark" actor withdraw user9900020003 user9900020001 \
        --reason "not so" --format text
    [ "$(actor 3)" != "$(actor 1)" ]
}
