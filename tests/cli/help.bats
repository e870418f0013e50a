# The command line as a person meets it. MUD_BINARY is the program.

setup() {
    mudlark=${MUD_BINARY:?}
    export LANG=C.UTF-8
    unset LC_ALL LC_MESSAGES
}

@test "no command: help and exit 2" {
    run "$mudlark"
    [ "$status" = 2 ]
    [[ "$output" == *"usage: mudlark COMMAND"* ]]
}

@test "--help and --version: exit 0" {
    run "$mudlark" --help
    [ "$status" = 0 ]
    run "$mudlark" --version
    [ "$status" = 0 ]
    [[ "$output" =~ ^mudlark\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "an unknown command is named, with near ones" {
    run "$mudlark" fetsch
    [ "$status" = 2 ]
    [[ "$output" == *"fetsch"* ]]
    [[ "$output" == *"mudlark fetch"* ]]
}

@test "every command explains itself in both languages, without a database" {
    export MUDLARK_HOME=/nonexistent/mudlark MUDLARK_DSN=host=/nonexistent
    while read -r name; do
        run "$mudlark" $name --help
        [ "$status" = 0 ]
        [[ "$output" == "usage: mudlark $name"* ]]
        LANG=zh_CN.UTF-8 run "$mudlark" $name --help
        [ "$status" = 0 ]
        [[ "$output" == "用法：mudlark $name"* ]]
    done < <("$mudlark" help --names)
}

@test "man pages are good roff" {
    command -v mandoc >/dev/null || skip "no mandoc"
    "$mudlark" help --man | mandoc -T lint -W error
    while read -r name; do
        "$mudlark" help --man $name | mandoc -T lint -W error
    done < <("$mudlark" help --names)
}

@test "what is wrong with the words is said, exit 2" {
    run "$mudlark" fetch --no-such
    [ "$status" = 2 ]
    [[ "$output" == *"--no-such"* ]]
    run "$mudlark" why only-one
    [ "$status" = 2 ]
    run "$mudlark" tokenize --format yaml </dev/null
    [ "$status" = 2 ] || [ "$status" = 0 ]
    run "$mudlark" import file
    [ "$status" = 2 ]
    [[ "$output" == *"--source"* ]]
}

@test "output that cannot be written is an error" {
    [ -e /dev/full ] || skip "no /dev/full"
    run sh -c '"$0" help --man >/dev/full' "$mudlark"
    [ "$status" = 1 ]
    run sh -c 'echo 出售肉鸡 | "$0" tokenize >/dev/full' "$mudlark"
    [ "$status" = 1 ]
}

@test "a word that begins several commands lists them" {
    run "$mudlark" lexicon --help
    [ "$status" -eq 0 ]
    [[ "$output" == *"lexicon suggest"* ]]
    run "$mudlark" help db
    [ "$status" -eq 0 ]
    [[ "$output" == *"db backup"* ]]
    run "$mudlark" source
    [ "$status" -eq 2 ]
    [[ "$output" == *"source add"* ]]
    run "$mudlark" source ad
    [ "$status" -eq 2 ]
    [[ "$output" == *"no command ad here"* ]]
}
