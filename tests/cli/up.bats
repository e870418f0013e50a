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

captures() {
    "$mudlark" stats --format ndjson |
        sed -n 's/.*"type":"stats".*"captures":\([0-9]*\),.*/\1/p'
}

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
    contacts=$(count contacts) captures=$(captures)
    [ "$captures" = 21 ]
    run scripts/up --once
    [ "$status" = 0 ]
    [[ "$output" == *"next round at"* ]]
    [ "$(captures)" = "$captures" ]
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
    LC_ALL=zh_CN.UTF-8 run scripts/up --once
    [ "$status" = 0 ]
    [[ "$output" == *"检查软件包"*"主要卖家"*"用时"* ]]
    # Also where that locale was never generated.
    [[ "$output" != *setlocale* ]]
}

@test "victims' numbers of the samples are printed nowhere" {
    for command in posts offers sellers contacts; do
        "$mudlark" "$command" --format ndjson >"$HOME_DIR/out"
        [ -s "$HOME_DIR/out" ]
        for number in 3800001234 3900005678 3600007788 3800002468 3900001357 \
            3400009900 3700004321; do
            run grep -n "1$number\|1\.${number:0:1}.*e+10" "$HOME_DIR/out"
            echo "$command: $output"
            [ "$status" = 1 ]
        done
    done
}

@test "a pipe gets no colour, no bar, no cursor" {
    scripts/up --once >"$HOME_DIR/out" 2>"$HOME_DIR/err"
    run grep -l $'[\033\r]' "$HOME_DIR/out" "$HOME_DIR/err"
    [ "$status" = 1 ]
}

@test "a relative MUDLARK_HOME is meant from where the caller stands" {
    cd "$HOME_DIR"
    MUDLARK_HOME=home run "$MUD_SOURCE/scripts/up" --once
    [ "$status" = 0 ]
    [[ "$output" == *"$HOME_DIR/home/pg"* ]]
    [ ! -e "$MUD_SOURCE/home" ]
}

@test "wrong words: usage, exit 2" {
    run scripts/up --twice
    [ "$status" = 2 ]
    [[ "$output" == "usage: scripts/up [--once]" ]]
}

# What of mudlark runs for this home: replay, up.
running() {
    for process in /proc/[0-9]*; do
        words=$(tr '\0' ' ' <"$process/cmdline") 2>/dev/null || continue
        [[ "$words" == "$mudlark "* ]] || continue
        tr '\0' '\n' <"$process/environ" 2>/dev/null |
            grep -qx "MUDLARK_HOME=$MUDLARK_HOME" && echo "$words"
    done
    return 0
}

until_said() { # WORD: in $HOME_DIR/out, within a minute
    for _ in $(seq 600); do
        ! grep -q "$1" "$HOME_DIR/out" || return 0
        sleep 0.1
    done
    cat "$HOME_DIR/out"
    return 1
}

@test "without --once it runs on; stopped, it leaves only the database" {
    scripts/up >"$HOME_DIR/out" 2>&1 3>&- &
    up=$!
    until_said "running; Ctrl-C stops"
    sleep 0.5
    [[ "$(running)" == *" replay "*" up "* || "$(running)" == *" up "*" replay "* ]]
    # A second one beside it takes the forum that is served.
    run scripts/up --once
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *"is served already"*"ready after"* ]]
    kill -TERM "$up"
    status=0
    wait "$up" || status=$?
    [ "$status" = 143 ]
    [ -z "$(running)" ]
    [ "$(grep -c "top sellers" "$HOME_DIR/out")" = 1 ]
    run "$mudlark" db status
    [ "$status" = 0 ]
}
