# The two README commands as a new user runs them. MUD_RELEASE: the release
# build that scripts/test made; scripts/up finds it built.

setup_file() {
    export LANG=C.UTF-8
    unset LC_ALL LC_MESSAGES MUDLARK_DSN
    HOME_DIR=$(mktemp -d /tmp/mudlark-up-XXXXXX)
    chmod 755 "$HOME_DIR"
    export HOME_DIR MUDLARK_HOME=$HOME_DIR/home
}

teardown_file() {
    "$MUD_SOURCE"/build/release/mudlark db stop || true
    rm -rf "$HOME_DIR"
}

setup() {
    cd "$MUD_SOURCE"
    mudlark=$MUD_SOURCE/build/release/mudlark
    [ -x "$mudlark" ] || skip "no release build (scripts/test makes it)"
}

count() { "$mudlark" "$@" --format ndjson | wc -l; }

@test "up --once reads the samples and says what it skipped" {
    run scripts/up --once
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *"sample-forum"* ]]
    [[ "$output" == *"needs an account"* ]]
    [[ "$output" == *"9812005566"* ]]
    [ "$(count posts)" -gt 90 ]
    [ "$(count sellers)" -gt 5 ]
}

@test "run again, it adds nothing twice" {
    posts=$(count posts) offers=$(count offers) sellers=$(count sellers)
    contacts=$(count contacts)
    run scripts/up --once
    [ "$status" = 0 ]
    [ "$(count posts)" = "$posts" ]
    [ "$(count offers)" = "$offers" ]
    [ "$(count sellers)" = "$sellers" ]
    [ "$(count contacts)" = "$contacts" ]
}

@test "the vault and the ledger verify" {
    run "$mudlark" verify
    echo "$output"
    [ "$status" = 0 ]
    run "$mudlark" ledger verify
    [ "$status" = 0 ]
}

@test "rebuild gives the same" {
    "$mudlark" posts --format ndjson | sort >"$HOME_DIR/before"
    "$mudlark" offers --format ndjson | sort >"$HOME_DIR/offers-before"
    run "$mudlark" rebuild
    echo "$output"
    [ "$status" = 0 ] || [ "$status" = 3 ]
    "$mudlark" posts --format ndjson | sort | cmp - "$HOME_DIR/before"
    "$mudlark" offers --format ndjson | sort | cmp - "$HOME_DIR/offers-before"
}

@test "search finds Chinese, Traditional too" {
    [ "$(count search 肉鸡)" -gt 2 ]
    [ "$(count search 肉雞)" = "$(count search 肉鸡)" ]
    [ "$(count search '"量大从优"')" -gt 0 ]
    [ "$(count search 没有这样的词组合)" = 0 ]
}

@test "why explains the link of a contact on the forum to one in the chat" {
    run "$mudlark" why qq:9812005566 telegram:laowang_jc --format text
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *"9812005566"* ]]
}

@test "messages are Chinese where the locale is" {
    LANG=zh_CN.UTF-8 run "$mudlark" stats --format text
    [ "$status" = 0 ]
    [[ "$output" == *"帖子"* ]]
}

@test "victims' numbers of the samples are printed nowhere" {
    for command in posts offers sellers contacts; do
        "$mudlark" "$command" --format ndjson >"$HOME_DIR/out"
        ! grep -E '13800001234|13900005678|13600007788|13800002468' "$HOME_DIR/out"
    done
}
