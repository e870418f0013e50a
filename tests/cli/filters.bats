# The filters parse, extract and tokenize: no database, stable contracts.

setup() {
    mudlark=${MUD_BINARY:?}
    export LANG=C.UTF-8
    unset LC_ALL LC_MESSAGES
    # Whoever tried a database or wrote data would fail here.
    export MUDLARK_HOME=/nonexistent/mudlark MUDLARK_DSN=host=/nonexistent
    cd "$BATS_TEST_TMPDIR"
}

# both COMMAND...: like run, with standard error in $said.
both() {
    status=0
    output=$("$@" 2>said) || status=$?
    said=$(<said)
}

@test "tokenize keeps every character but spaces, in order" {
    text='出售肉鸡 ⑨⑧①②　QQ：9812345670，量大从优! @demo_seller_1  0.3元/只'
    both "$mudlark" tokenize <<<"$text"
    [ "$status" = 0 ]
    [ -z "$said" ]
    [[ "$output" == *"肉鸡"*" "* ]]
    [ "$(tr -d ' ' <<<"$output")" = "$(sed 's/[ 　]//g' <<<"$text")" ]
}

@test "tokenize gives a line for a line, also for empty ones" {
    both "$mudlark" tokenize < <(printf 'one\n\n \nlast without end')
    [ "$status" = 0 ]
    [ "$output" = "$(printf 'one\n\n\nlast without end')" ]
}

@test "nothing in, nothing out, exit 0" {
    both "$mudlark" tokenize </dev/null
    [ "$status$output$said" = 0 ]
    both "$mudlark" extract </dev/null
    [ "$status$output$said" = 0 ]
    both "$mudlark" extract --text </dev/null
    [ "$status$output$said" = 0 ]
    both "$mudlark" extract --format json </dev/null
    [ "$status$output$said" = "0[]" ]
}

@test "extract reads id and text, and post and body" {
    echo '{"id":"a","text":"出售肉鸡 0.3元/只 QQ9812345670"}' >in
    echo '{"type":"post","post":"b","body":"出售肉鸡 QQ9812345670"}' >>in
    both "$mudlark" extract <in
    [ "$status" = 0 ]
    [ -z "$said" ]
    [ "$(wc -l <<<"$output")" = 2 ]
    [[ "$output" == *'"schema":1,"id":"a"'*'"id":"b"'* ]]
    [[ "$output" == *'"category":"bots","direction":"sell"'* ]]
    [[ "$output" == *'"start":2,"end":4,"text":"肉鸡","canonical":"bot_host"'* ]]
    [[ "$output" == *'"contact_type":"qq","value":"9812345670"'* ]]
}

@test "extract passes over records of other types" {
    echo '{"type":"page","url":"x"}' >in
    echo '{"type":"note","text":"出售肉鸡"}' >>in
    both "$mudlark" extract <in
    [ "$status$output$said" = 0 ]
}

@test "extract --explain adds rule and confidence" {
    both "$mudlark" extract --explain <<<'{"id":"a","text":"QQ9812345670"}'
    [ "$status" = 0 ]
    [[ "$output" == *'"rule":'* ]]
    [[ "$output" == *'"confidence":'* ]]
}

@test "extract --explain says why in the reader's language" {
    both "$mudlark" extract --text --explain <<<'出肉-鸡，QQ❾812345670'
    [ "$status" = 0 ]
    [[ "$output" == *'"folds":[{"layer":"junk","from":"肉-鸡","to":"肉鸡",'* ]]
    [[ "$output" == *'"why":{"en":"a value behind the name of its network",'* ]]
    both env LANG=zh_CN.UTF-8 "$mudlark" extract --text --explain --format text \
        <<<'出肉-鸡，QQ❾812345670'
    [ "$status" = 0 ]
    [[ "$output" == *'肉-鸡 -> 肉鸡  词中插入的符号或换行'* ]]
    [[ "$output" == *'判断依据'* ]]
}

@test "extract --text takes a message a line; a pipe gets no colour" {
    both "$mudlark" extract --text <<<'出售肉鸡 QQ9812345670'
    [ "$status" = 0 ]
    [[ "$output" == '{"schema":1,"id":"1",'* ]]
    both "$mudlark" extract --text --format text <<<'出售肉鸡 QQ9812345670'
    [ "$status" = 0 ]
    [[ "$output" == *'[肉鸡]'*'[9812345670]'* ]]
    [[ "$output" != *$'\033'* ]]
}

@test "--format json is one array, ndjson a line a record" {
    printf '{"id":"a","text":"x"}\n{"id":"b","text":"y"}\n' >in
    both "$mudlark" extract --format json <in
    [ "$status" = 0 ]
    [ "${output:0:1}${output: -1}" = "[]" ]
    [ "$(grep -c '"id"' <<<"$output")" = 2 ]
    both "$mudlark" extract --format ndjson <in
    [ "$(grep -c '^{"schema":1,.*}$' <<<"$output")" = 2 ]
    both "$mudlark" extract --format yaml <in
    [ "$status" = 2 ]
    [[ "$said" == *"yaml"* ]]
    [ -z "$output" ]
}

@test "bad lines are named by line and byte, the others are read: exit 3" {
    printf '%s\n' '{"id":"a","text":"x"}' 'no json' '{"id":"b"}' '[1]' \
        '{"id":"c","text":"y"}' >in
    both "$mudlark" extract <in
    [ "$status" = 3 ]
    [ "$(wc -l <<<"$output")" = 2 ]
    [[ "$said" == *"line 2 (byte 22)"*"line 3 (byte 30)"*"line 4 (byte 41)"* ]]
    LANG=zh_CN.UTF-8 both "$mudlark" extract <in
    [ "$status" = 3 ]
    [[ "$said" == *"第 2 行（第 22 字节）"* ]]
}

@test "NUL and bytes that are no UTF-8" {
    printf '{"id":"a","text":"x\0y"}\n{"id":"b","text":"\xff"}\n' >in
    printf '{"id":"c","text":"x\\u0000y"}\n{"id":"d","text":"\\ud800"}\n' >>in
    printf '{"id":"e","text":"QQ9812345670"}\n' >>in
    both "$mudlark" extract <in
    [ "$status" = 3 ]
    [[ "$said" == *"line 1 (byte 0)"*"line 2 (byte 24)"* ]]
    [[ "$output" == *'"id":"e"'*'"value":"9812345670"'* ]]
    printf 'a\0b \xff\xfe 出售肉鸡\n' >in
    "$mudlark" tokenize <in >out
    [ "$(tr -d ' ' <out)" = "a�b��出售肉鸡" ]
    "$mudlark" extract --text <in | grep -q '"canonical":"bot_host"'
}

@test "a line of 20 MB: tokenized whole, refused by extract, memory bounded" {
    head -c 20000000 /dev/zero | tr '\0' a >big
    "$mudlark" tokenize <big | tr -d ' \n' | cmp - big
    { printf '{"id":"a","text":"' && cat big && printf '"}\n' &&
        echo '{"id":"b","text":"QQ9812345670"}'; } >in
    both "$mudlark" extract <in
    [ "$status" = 3 ]
    [[ "$said" == *"line 1 (byte 0)"*"MiB"* ]]
    [[ "$output" == *'"id":"b"'* ]]
    [ "$(wc -l <<<"$output")" = 1 ]
}

@test "a closed or full standard output is an error, a reader that left is not told" {
    echo '{"id":"a","text":"x"}' >in
    for command in tokenize extract "parse $MUD_SOURCE/samples/chat/result.json"; do
        status=0
        "$mudlark" $command <in 2>said >&- || status=$?
        [ "$status" = 1 ]
        grep -q "standard output" said
    done
    status=0
    yes '出售肉鸡' | head -n 300000 | { "$mudlark" tokenize 2>said || echo $? >code; } |
        head -n 1 >out
    [ "$(<out)" = "出售 肉鸡" ]
    [ "$(<code)" = 1 ]
    [ ! -s said ]
}

@test "a directory as standard input is an error" {
    both "$mudlark" extract </
    [ "$status" = 1 ]
    [[ "$said" == *"standard input"* ]]
}

@test "parse prints pages and posts, which extract reads" {
    both "$mudlark" parse "$MUD_SOURCE/samples/chat/result.json"
    [ "$status" = 0 ]
    [ -z "$said" ]
    [ "$(grep -c '^{"type":"post","schema":1,' <<<"$output")" -gt 40 ]
    "$mudlark" extract <<<"$output" >out
    grep -q '"is_offer":true' out
    both "$mudlark" parse "$MUD_SOURCE/samples/forum"
    [ "$status" = 0 ]
    [[ "$output" == *'"type":"page"'* ]]
    [ "$(grep -c '"type":"post"' <<<"$output")" -gt 40 ]
}

@test "parse names what it cannot read" {
    both "$mudlark" parse none.html
    [ "$status" = 1 ]
    [[ "$said" == *"none.html"* ]]
    both "$mudlark" parse
    [ "$status" = 2 ]
    head -c 1000 /dev/zero >zeros.bin
    both "$mudlark" parse zeros.bin
    [ "$status" != 0 ]
    [[ "$said" == *"zeros.bin"* ]]
    both "$mudlark" parse --engine no-such "$MUD_SOURCE/samples/forum/000.html"
    [ "$status" != 0 ]
    [[ "$said" == *"no-such"* ]]
}

@test "broken material is noted with its place, not refused" {
    head -c 3000 "$MUD_SOURCE/samples/chat/result.json" >cut.json
    both "$mudlark" parse cut.json
    [ "$status" = 0 ]
    [[ "$output" == *'"type":"note"'*'"byte":'* ]]
    echo '<html><p>出售肉鸡' >page.html
    : >empty.html
    printf 'a\0b\xff' >odd.htm
    for page in page.html empty.html odd.htm; do
        both "$mudlark" parse "$page"
        [ "$status" = 0 ]
        [[ "$output" == *'"type":"note"'*'"severity":"warning"'* ]]
    done
}
