# The analysts' terms, with the binary under test: added, switched off, checked,
# mirrored, changed by hand, by two at once.

setup_file() {
    export LANG=C.UTF-8
    unset LC_ALL LC_MESSAGES MUDLARK_DSN
    DIR=$(mktemp -d /tmp/mudlark-lexicon-XXXXXX)
    chmod 755 "$DIR"
    export DIR MUDLARK_HOME="$DIR/home"
    "${MUD_BINARY:?}" db start --quiet 3>&-
}

teardown_file() {
    "$MUD_BINARY" db stop --quiet || true
    rm -rf "$DIR"
}

setup() {
    mudlark=${MUD_BINARY:?}
    mirror="$MUDLARK_HOME/lexicon.tsv"
}

# reads TEXT: the canonical products that extract reads in it.
reads() {
    "$mudlark" extract --text <<<"$1" |
        grep -o '"canonical":"[^"]*"' | cut -d '"' -f 4 | sort -u | tr '\n' ' '
}

@test "a term is read from the moment it is added" {
    [ "$(reads '出售泥锣串五百台，QQ9812345670')" != "bot_host " ]
    before=$("$mudlark" extract --text --explain <<<'泥锣串' | wc -c)
    run "$mudlark" lexicon add 泥锣串 --sense bot_host --as li \
        --note '两个群' --format text
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *"1 added"*"until mudlark rebuild"* ]]
    [ "$(reads '出售泥锣串五百台，QQ9812345670')" = "bot_host " ]
    # In any way of writing it.
    [ "$(reads '出售泥鑼串五百台，QQ9812345670')" = "bot_host " ]
    grep -q $'^泥锣串\tproduct\tbot_host\t\t\t\t20..-..\tli\t两个群$' "$mirror"
    # Again: nothing to do, nothing on record.
    run "$mudlark" lexicon add 泥锣串 --sense bot_host --note '两个群' \
        --format text
    [[ "$output" == *"0 added, 0 changed, 0 removed, 1 as they were"* ]]
    run "$mudlark" lexicon show 泥鑼串 --format ndjson
    [[ "$output" == *'"action":"add"'*'"by":"li"'* ]]
    [[ "$output" != *'"action":"change"'* ]]
}

@test "what no rule knows is refused and explained" {
    run "$mudlark" lexicon add 某词
    [ "$status" = 2 ]
    [[ "$output" == *"--kind is missing"* ]]
    run "$mudlark" lexicon add 某词 --kind product --sense no_such
    [ "$status" = 2 ]
    [[ "$output" == *'no rule knows the sense "no_such"'*"account_hack"* ]]
    run "$mudlark" lexicon add 某词 --kind thing
    [ "$status" = 2 ]
    run "$mudlark" lexicon add 某词 --kind term --category nothing
    [ "$status" = 2 ]
    run "$mudlark" lexicon add $'\u200b' --kind term
    [ "$status" = 2 ]
    [[ "$output" == *"nothing to see"* ]]
    run "$mudlark" lexicon add 苹果 --sense bot_host --as li
    [ "$status" = 0 ]
    [[ "$output" == *"ordinary word"* ]]
    "$mudlark" lexicon remove 苹果 --reason 'only a try' --quiet
}

@test "a term of the program is switched off and on again" {
    [ "$(reads '出售四件套五百套')" = "bank_card_set " ]
    "$mudlark" lexicon disable 四件套 --kind product --reason 'a bedding shop'
    [ "$(reads '出售四件套五百套')" != "bank_card_set " ]
    run "$mudlark" lexicon list --state active --format text
    [[ "$output" == *"四件套"*"switches the built-in rows off"* ]]
    "$mudlark" lexicon enable 四件套
    [ "$(reads '出售四件套五百套')" = "bank_card_set " ]
    run "$mudlark" lexicon show 四件套 --format text
    [[ "$output" == *"built-in"*"products.tsv"*"disable"*"a bedding shop"* ]]
}

@test "an own term is disabled, and removed with its history kept" {
    "$mudlark" lexicon disable 泥锣串 --reason 'a nickname' --as wang
    [ "$(reads '出售泥锣串五百台')" != "bot_host " ]
    run "$mudlark" lexicon disable 泥锣串
    [ "$status" = 1 ]
    [[ "$output" == *"disabled already"* ]]
    "$mudlark" lexicon enable 泥锣串
    "$mudlark" lexicon remove 泥锣串 --reason 'no goods'
    run "$mudlark" lexicon remove 泥锣串
    [ "$status" = 1 ]
    run "$mudlark" lexicon show 泥锣串 --format text
    [[ "$output" == *"in no table"*"a nickname"*"no goods"* ]]
}

@test "check names the line and what is wrong with it" {
    printf '%s\n' $'term\tkind\tsense\tcategory\tflags' \
        $'好词\tproduct\tbot_host\tbots\t' \
        $'坏类\tthing\tx\t\t' \
        $'坏义\tproduct\tno_such\t\t' \
        $'坏别\tterm\tx\tnothing\t' \
        $'\xe2\x80\x8b\tterm\tx\t\t' \
        $'好詞\tproduct\tbot_host\t\t' \
        $'衣服\tproduct\tbot_host\t\t' \
        $'肉鸡\tproduct\tdoxing\t\t' \
        $'标志\tproduct\tbot_host\t\tno-such' >"$DIR/bad.tsv"
    MUDLARK_HOME=/nonexistent/x MUDLARK_DSN=host=/nonexistent \
        run "$mudlark" lexicon check "$DIR/bad.tsv" --format text
    echo "$output"
    [ "$status" = 1 ]
    [[ "$output" == *'bad.tsv:2: warning: is read as line 7'* ]]
    [[ "$output" == *'bad.tsv:3: error:'*'unknown kind "thing"'* ]]
    [[ "$output" == *'bad.tsv:4: error:'*'no_such'* ]]
    [[ "$output" == *'bad.tsv:5: error:'*'nothing'* ]]
    [[ "$output" == *'bad.tsv:6: error:'*'nothing to see'* ]]
    [[ "$output" == *'bad.tsv:8: warning:'*'ordinary word'* ]]
    [[ "$output" == *'bad.tsv:9: warning:'*'another sense'*'products.tsv'* ]]
    [[ "$output" == *'bad.tsv:10: warning:'*'no-such'* ]]
    run "$mudlark" lexicon import "$DIR/bad.tsv"
    [ "$status" = 1 ]
    [[ "$output" == *"nothing was imported"* ]]
    run "$mudlark" lexicon list
    [[ "$output" != *"好词"* ]]
}

@test "tables go out and in" {
    printf 'term\tkind\tsense\tflags\n泥锣串\tproduct\tbot_host\t\n飞机\tplatform\t\toff\n' \
        >"$DIR/good.tsv"
    run "$mudlark" lexicon import "$DIR/good.tsv" --reason 'of the team' \
        --format text
    [[ "$output" == *"2 added"* ]]
    "$mudlark" lexicon export >"$DIR/out.tsv"
    cmp "$DIR/out.tsv" "$mirror"
    run "$mudlark" lexicon import "$DIR/out.tsv" --format text
    [[ "$output" == *"0 added, 0 changed, 0 removed, 2 as they were"* ]]
    run "$mudlark" lexicon check "$DIR/out.tsv"
    [ "$status" = 0 ]
}

@test "a mirror changed by hand is noticed, never overwritten, and taken in" {
    printf '手工词\tproduct\tbot_host\t\t\t\t\t\t\n' >>"$mirror"
    run "$mudlark" lexicon check --format text
    [ "$status" = 1 ]
    [[ "$output" == *"changed by hand"* ]]
    run "$mudlark" lexicon add 别的词 --kind term
    [ "$status" = 1 ]
    [[ "$output" == *"changed by hand"*"lexicon import"* ]]
    grep -q 手工词 "$mirror"
    [ "$(reads '出售手工词五百台')" = "bot_host " ]
    sed -i '/^泥锣串/d' "$mirror"
    run "$mudlark" lexicon import --format text
    [ "$status" = 0 ]
    [[ "$output" == *"1 added, 1 changed"* ]]
    run "$mudlark" lexicon list --state disabled --format text
    [[ "$output" == *"泥锣串"* ]]
    "$mudlark" lexicon check
    # And put back.
    echo junk >>"$mirror"
    "$mudlark" lexicon check --repair
    ! grep -q junk "$mirror"
    grep -q junk "$mirror.old"
    rm "$mirror"
    "$mudlark" lexicon check --repair
    grep -q 手工词 "$mirror"
}

@test "changes made at once are all there" {
    for i in 1 2 3 4 5 6; do
        "$mudlark" lexicon add "并发词$i" --kind term --quiet >/dev/null &
    done
    wait
    run "$mudlark" lexicon list 并发词
    [ "${#lines[@]}" = 6 ]
    [ "$(grep -c 并发词 "$mirror")" = 6 ]
    "$mudlark" lexicon check
}

@test "a backup carries the terms" {
    "$mudlark" db backup "$DIR/b.dump"
    "$mudlark" lexicon add 备份后 --kind term
    "$mudlark" db restore "$DIR/b.dump" --force
    run "$mudlark" lexicon list 并发词
    [ "${#lines[@]}" = 6 ]
    run "$mudlark" lexicon list 备份后
    [ "${#lines[@]}" = 0 ]
    # The mirror is of after the backup: nothing is lost without a word.
    run "$mudlark" lexicon check
    [ "$status" = 1 ]
    "$mudlark" lexicon import
    run "$mudlark" lexicon list 备份后
    [ "${#lines[@]}" = 1 ]
}
