# What strangers wrote is shown as text, never as orders to the terminal.

setup_file() {
    export LANG=C.UTF-8
    unset LC_ALL LC_MESSAGES MUDLARK_DSN
    HOME_DIR=$(mktemp -d /tmp/mudlark-hostile-XXXXXX)
    chmod 755 "$HOME_DIR"
    export HOME_DIR MUDLARK_HOME=$HOME_DIR/home
}

teardown_file() {
    "$MUD_BINARY" db stop || true
    rm -rf "$HOME_DIR"
}

# No escape, no C1 control, no sign that turns the direction of text.
plain() {
    ! printf '%s' "$output" |
        LC_ALL=C grep -q -a -e $'\x1b' -e $'\x07' -e $'\xc2\x9b' \
            -e $'\xe2\x80\xae'
}

@test "addresses and types of a capture with controls are shown plain" {
    mkdir "$HOME_DIR/in"
    echo '<html>hi</html>' >"$HOME_DIR/in/a.html"
    printf '{"url":"http://x.invalid/%s","content_type":"text/html%s",%s}\n' \
        '\u001b[31m\u202e\u009b1m' '\u001b]0;t\u0007' \
        '"file":"a.html","status":200' >"$HOME_DIR/in/index.jsonl"
    "$MUD_BINARY" source add s --kind import --basis test --expires 2099-01-01
    run "$MUD_BINARY" import "$HOME_DIR/in" --source s --format text
    echo "$output" | cat -v
    [ "$status" = 3 ]
    [[ "$output" == *"x.invalid"* ]]
    plain

    id=$("$MUD_BINARY" ledger export | sed -n 's/.*"object":"\([-0-9a-f]*\)","op":"capture".*/\1/p')
    run "$MUD_BINARY" show "$id" --verify --format text
    echo "$output" | cat -v
    [ "$status" = 0 ]
    [[ "$output" == *"x.invalid"* && "$output" == *"text/html"* ]]
    [[ "$output" == *"source         s"* ]]
    plain
}

@test "findings on a WARC with controls are shown plain" {
    printf 'WARC/1.0\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:%s>\r\nWARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Target-URI: http://x.invalid/%s\r\nWARC-Block-Digest: sha256:%s\r\nContent-Length: 2\r\n\r\nhi\r\n\r\n' \
        $'\x1b[31m' $'\xe2\x80\xae' $'\x1b[2J\xc2\x9b' >"$HOME_DIR/bad.warc"
    run "$MUD_BINARY" verify "$HOME_DIR/bad.warc" --all --format text
    echo "$output" | cat -v
    [ "$status" = 1 ]
    plain
}
