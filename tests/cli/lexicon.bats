# The analysts' terms, with the binary under test: added, switched off, checked,
# mirrored, changed by hand, by two at once.

setup_file() {
    export LANG=C.UTF-8
    unset LC_ALL LC_MESSAGES MUDLARK_DSN
    DIR=$(mktemp -d /tmp/mudlark-lexicon-XXXXXX)
    chmod 755 "$DIR"
    export DIR MUDLARK_HOME="$DIR/home"
    "${MUD_BINARY:?}" db start --quiet 3>&-
    "$MUD_BINARY" user add li --role analyst --format text
    "$MUD_BINARY" user add wang --role analyst --format text
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
    [ "$(grep -c junk "$mirror")" = 0 ]
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

# A chat in which 灰螺卡 is sold by seven people; made up.
make_chat() {
    local i=0 who text
    echo '{"name":"made up","type":"public_supergroup","id":4711,"messages":['
    while read -r who text; do
        [ $i = 0 ] || echo ,
        i=$((i + 1))
        printf '{"id":%d,"type":"message","date":"2026-10-%02dT10:%02d:00","date_unixtime":"%d","from":"人%s","from_id":"user90%s","text":"%s","text_entities":[{"type":"plain","text":"%s"}]}' \
            $i $((1 + i / 20)) $((i % 60)) $((1759300000 + i * 60)) \
            "$who" "$who" "$text" "$text"
    done
    echo ']}'
}

@test "hits, test, suggest and stats on stored posts" {
    {
        for i in 1 2 3 4 5 6 7; do
            echo "$i 出灰螺卡，量大从优 QQ98123456$i$i"
            echo "$i 收灰螺卡有多少要多少 QQ98123456$i$i"
            echo "$i 一手灰螺卡 $((i + 3))元一张 QQ98123456$i$i"
            echo "$i 卖四件套 $((i + 300))元一套 支持担保 QQ98123456$i$i"
            echo "1$i 今天天气真好，去公园走走$i"
            echo "1$i 晚上吃什么好呢，火锅还是面$i"
            echo "1$i 谁会修自行车，我的链条掉了$i"
        done
        echo "3 「灰螺卡」是什么意思"
    } | make_chat >"$DIR/result.json"
    "$mudlark" source add chat --kind chat --basis test --zone +08:00 \
        --expires 2099-12-31
    "$mudlark" import "$DIR/result.json" --source chat

    run "$mudlark" lexicon hits --quiet 灰螺卡 -n 2 --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *'"posts":22'*'"by_source":{"chat":22}'*'"by_month"'* ]]
    [ "$(grep -o '"content"' <<<"$output" | wc -l)" = 2 ]
    run "$mudlark" lexicon hits --quiet 灰螺卡 --format text
    [[ "$output" == *"22 posts"*"2025-10 22"* ]]
    run "$mudlark" lexicon hits --quiet 螺卡 --source chat --since 2020-01-01
    [[ "$output" == *'"posts":22'* ]]
    run "$mudlark" lexicon hits --quiet 没有这词
    [[ "$output" == *'"posts":0'* ]]

    run "$mudlark" lexicon suggest --quiet --format text -n 5
    echo "$output"
    [[ "${lines[0]}" == *"灰螺卡"* ]]
    [[ "$output" == *"lexicon accept"* ]]
    run "$mudlark" lexicon suggest --quiet -n 100 --format ndjson
    [ "$(grep -o '"rank":[0-9]*,"term":"[^"]*"' <<<"$output" |
        grep -c 98123456)" = 0 ]

    run "$mudlark" lexicon test 灰螺卡 --sense bank_card_set --format text
    [ "$status" = 0 ]
    [[ "$output" == *"+ product  灰螺卡  -> bank_card_set"* ]]
    run "$mudlark" lexicon test 没有这词 '一个文本'
    [ "$status" = 2 ]
    MUDLARK_DSN=host=/nonexistent run "$mudlark" lexicon test 四件套 \
        '出售四件套五百套' --format text
    [[ "$output" == *"1 read otherwise"* ]]

    run "$mudlark" stats --format ndjson
    [[ "$output" == *'"contents_of_before":0'* ]]
    "$mudlark" lexicon accept 灰螺卡 --sense bank_card_set
    run "$mudlark" stats --format ndjson
    [[ "$output" != *'"contents_of_before":0'* ]]
    run "$mudlark" stats --format text
    [[ "$output" == *"mudlark rebuild"* ]]
    # Decided: not proposed again.
    run "$mudlark" lexicon suggest --quiet --format ndjson -n 50
    [ "$(grep -c '"rank":[0-9]*,"term":"灰螺卡"' <<<"$output")" = 0 ]
    "$mudlark" rebuild --quiet >/dev/null
    run "$mudlark" stats --format ndjson
    [[ "$output" == *'"contents_of_before":0'* ]]
    run "$mudlark" offers --format ndjson
    [[ "$output" == *"灰螺卡"* || "$output" == *"bank_card_set"* ]]
    run "$mudlark" lexicon show 灰螺卡
    [[ "$output" == *'"action":"accept"'* ]]
    # Refused: neither.
    "$mudlark" lexicon remove 灰螺卡
    "$mudlark" lexicon reject 灰螺卡 --reason 'a game card' --as li
    run "$mudlark" lexicon suggest --quiet --format ndjson -n 50
    [ "$(grep -c '"rank":[0-9]*,"term":"灰螺卡"' <<<"$output")" = 0 ]
    run "$mudlark" lexicon show 灰螺卡 --format text
    [[ "$output" == *"reject"*"a game card"* ]]
}
