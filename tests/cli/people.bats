# Who may do what, and what stays of it: people, the audit, acts of two persons, on
# the private server, with the binary under test.

setup_file() {
    export LANG=C.UTF-8
    unset LC_ALL LC_MESSAGES MUDLARK_DSN
    DIR=$(mktemp -d /tmp/mudlark-people-XXXXXX)
    chmod 755 "$DIR"
    export DIR MUDLARK_HOME="$DIR/home"
    me=$(id -un)
    export me
    "${MUD_BINARY:?}" db migrate 2>"$DIR/first" 3>&-
    for row in "ana analyst" "otto officer" "sue supervisor" "udo auditor" \
        "pat partner"; do
        "$MUD_BINARY" user add "${row% *}" --role "${row#* }" --format text
    done
    "$MUD_BINARY" source add chat --kind chat --basis test --zone +08:00 \
        --expires 2099-12-31 --format text
    "$MUD_BINARY" import "$MUD_SOURCE/samples/chat/result.json" --source chat \
        --quiet --format text
}

teardown_file() {
    "$MUD_BINARY" db stop --quiet || true
    rm -rf "$DIR"
}

setup() { mudlark=${MUD_BINARY:?}; }

# sql ROLE STATEMENT: past the program, in that role of Postgres.
sql() {
    local bin=psql
    command -v psql >/dev/null || skip "psql is not here"
    "$bin" -X -A -t -h "$MUDLARK_HOME/run" -U "$1" mudlark -c "$2" 2>&1
}

@test "the first person is who makes the home, and that is said" {
    grep -q "^$me is the first person here" "$DIR/first"
    run "$mudlark" user show "$me" --format ndjson
    [ "$status" = 0 ]
    [[ "$output" == *'"roles":["analyst", "officer", "supervisor"]'* ]]
    [[ "$output" == *"\"accounts\":[\"$me\"]"* ]]
}

@test "a secret is shown once and is nowhere to be read" {
    run "$mudlark" user add zoe --role analyst --full-name '张 三' --format ndjson
    [ "$status" = 0 ]
    secret=$(grep -o '"secret":"[^"]*"' <<<"$output" | cut -d '"' -f 4)
    [ ${#secret} = 24 ]
    ! "$mudlark" user show zoe | grep -q "$secret"
    ! "$mudlark" audit export | grep -q "$secret"
    run "$mudlark" user add zoe --role analyst
    [ "$status" = 2 ]
    [[ "$output" == *"already"* ]]
    run "$mudlark" user add tim
    [ "$status" = 2 ]
    [[ "$output" == *"--role is missing"* ]]
    run "$mudlark" user add tim --role king
    [ "$status" = 2 ]
}

@test "who is not known, or disabled, is told what to do" {
    run "$mudlark" posts --as nobody
    [ "$status" = 1 ]
    [[ "$output" == *"no person nobody"*"mudlark user add nobody"* ]]
    "$mudlark" user add gone --role analyst >/dev/null
    "$mudlark" user disable gone --reason 'left' >/dev/null
    run "$mudlark" posts --as gone
    [ "$status" = 1 ]
    [[ "$output" == *"gone is disabled"* ]]
    "$mudlark" user enable gone >/dev/null
    "$mudlark" posts --as gone -n 1 >/dev/null
    # The last supervisor stays: here there are two, and then one.
    "$mudlark" user disable "$me" --as sue >/dev/null
    run "$mudlark" user role sue --remove supervisor --as sue
    [ "$status" = 2 ]
    [[ "$output" == *"last active supervisor"* ]]
    "$mudlark" user enable "$me" --as sue >/dev/null
}

@test "each role may do what its line in the table says" {
    # command | those who may, by their first letter
    while IFS='|' read -r words who; do
        for person in ana otto sue udo pat; do
            # shellcheck disable=SC2086
            run "$mudlark" $words --as $person --format ndjson
            if [[ "$who" == *"${person:0:1}"* ]]; then
                [[ "$output" != *" takes "* && "$output" != *"denied"* ]] || {
                    echo "$person: $words: $output"
                    false
                }
            else
                [[ "$status" = 1 && "$output" == *" takes "* ]] || {
                    echo "$person: $words: $status $output"
                    false
                }
            fi
        done
    done <<'TABLE'
source list|aosu
posts -n 1|aos
search QQ|aos
stats|aos
ledger status|aosu
ledger export|osu
lexicon list|aosu
lexicon reject 老铁|aos
source pause chat|as
source resume chat|as
account list|aosu
approval list|aosu
approval approve 99|os
user list|su
user map pat nobody-here|s
user map pat nobody-here --remove|s
audit -n 1|su
audit verify|su
TABLE
}

@test "what was done is on record: who, what, how much, and how it ended" {
    "$mudlark" search 肉鸡 --as ana --limit 3 >"$DIR/found"
    n=$(wc -l <"$DIR/found")
    run "$mudlark" audit --by ana --action search -n 1 --as udo --format ndjson
    [ "$status" = 0 ]
    [[ "$output" == *'"who":"ana","login":"mud_analyst","action":"read","command":"search","object":"肉鸡"'* ]]
    [[ "$output" == *"\"account\": \"$me\""*'"limit": "3"'* ]]
    [[ "$output" == *'"end":{'*'"state": "done"'* ]]
    [[ "$output" == *"\"records\": $n"* ]]
    # A read that found nothing, a command that failed, one that was refused.
    run "$mudlark" show 00000000-0000-0000-0000-000000000000 --as ana
    [ "$status" = 1 ]
    run "$mudlark" audit --by ana --action show -n 1 --format ndjson
    [[ "$output" == *'"state": "failed"'* ]]
    run "$mudlark" posts --as pat
    [ "$status" = 1 ]
    run "$mudlark" audit --by pat -n 1 --action refused --format ndjson
    [[ "$output" == *'"action":"refused","command":"posts"'* ]]
    # Reading the audit is on record as well; looking at settings is not.
    "$mudlark" audit --as udo -n 1 >/dev/null
    run "$mudlark" audit --by udo -n 1 --format ndjson
    [[ "$output" == *'"command":"audit"'* ]]
    "$mudlark" source list --as udo >/dev/null
    run "$mudlark" audit --by udo --action 'source list' --format ndjson
    [ -z "$output" ]
    # The pipeline's work has its person, and the worker's login.
    run "$mudlark" audit --action import --format ndjson
    [[ "$output" == *"\"who\":\"$me\",\"login\":\"mud_worker\""* ]]
}

@test "the chain holds, and what was changed in it is found" {
    run "$mudlark" audit verify --as udo --format text
    echo "$output"
    [ "$status" = 0 ]
    # By hand: each line's SHA-256 is the prev of the next.
    "$mudlark" audit export --as udo >"$DIR/audit.jsonl"
    prev=$(printf '0%.0s' {1..64})
    while IFS= read -r line; do
        [[ "$line" == *"\"prev\":\"$prev\""* ]]
        prev=$(printf %s "$line" | sha256sum | cut -d ' ' -f 1)
    done < <(head -n 20 "$DIR/audit.jsonl")
    sql mudlark "ALTER TABLE mud.audit DISABLE TRIGGER USER;
        UPDATE mud.audit SET who = 'otto' WHERE seq = 3"
    run "$mudlark" audit verify --as udo --format text
    echo "$output"
    [ "$status" = 1 ]
    [[ "$output" == *"line 3: its columns say something else"* ]]
    who=$(sed -n 4p "$DIR/audit.jsonl" | grep -o '"who":"[^"]*"' |
        cut -d '"' -f 4)
    sql mudlark "UPDATE mud.audit SET who = '$who' WHERE seq = 3;
        ALTER TABLE mud.audit ENABLE TRIGGER USER"
    "$mudlark" audit verify --as udo >/dev/null
}

@test "Postgres says the same as the program, by its roles" {
    run sql mud_partner 'SELECT count(*) FROM mud.post'
    [[ "$output" == *"permission denied"* ]]
    run sql mud_auditor 'SELECT count(*) FROM mud.post'
    [[ "$output" == *"permission denied"* ]]
    run sql mud_analyst 'SELECT count(*) > 0 FROM mud.post'
    [ "$output" = t ]
    run sql mud_analyst 'SELECT count(*) FROM mud.audit'
    [[ "$output" == *"permission denied"* ]]
    run sql mud_supervisor "INSERT INTO mud.audit (seq) VALUES (1)"
    [[ "$output" == *"permission denied"* ]]
    run sql mud_analyst "SELECT mud.audit_add('sue', 'x', '', '', '{}', '', NULL)"
    [[ "$output" == *"not an active person with the role"* ]]
    run sql mud_owner 'SELECT 1'
    [ "$status" != 0 ]
}

@test "what takes two persons is not done by one" {
    sql mudlark "INSERT INTO mud.approval (action, kind, object, digest, detail,
        reason, asked_by, asked_at) VALUES ('original', 'capture', 'c1',
        sha256('c1'), '{}', 'case 7', 'otto', now())"
    run "$mudlark" approval list --as otto --format text
    echo "$output"
    [[ "$output" == *"asked by otto"*"case 7"*"waits for another person"* ]]
    run "$mudlark" approval approve 1 --as otto
    [ "$status" = 1 ]
    [[ "$output" == *"another person must decide"* ]]
    run "$mudlark" approval approve 1 --as ana
    [ "$status" = 1 ]
    run "$mudlark" approval approve 1 --as sue --format ndjson
    echo "$output"
    [ "$status" = 0 ]
    [[ "$output" == *'"state":"approved","decided_by":"sue"'* ]]
    run "$mudlark" approval refuse 1 --as sue --reason no
    [ "$status" = 2 ]
    [[ "$output" == *"was approved by sue"* ]]
    run "$mudlark" audit --action approve --format ndjson
    [[ "$output" == *'"who":"sue"'* && "$output" == *'"state": "failed"'* ]]
}

@test "a server that an older program started lets the roles in" {
    printf 'mud root mudlark\nmud "%s" mudlark\n' \
        "$(stat -c %U "$MUDLARK_HOME/pg")" >"$DIR/ident"
    cat "$DIR/ident" >"$MUDLARK_HOME/pg/pg_ident.conf"
    sql mudlark 'SELECT pg_reload_conf()'
    sleep 1
    "$mudlark" posts -n 1 >/dev/null
}

@test "a backup takes people and audit along" {
    "$mudlark" db backup "$DIR/b" --quiet >/dev/null
    MUDLARK_HOME="$DIR/other" "$mudlark" db restore "$DIR/b" >/dev/null 3>&-
    run env MUDLARK_HOME="$DIR/other" "$mudlark" user show zoe
    [ "$status" = 0 ]
    run env MUDLARK_HOME="$DIR/other" "$mudlark" audit verify
    [ "$status" = 0 ]
    run env MUDLARK_HOME="$DIR/other" "$mudlark" audit --action 'db restore' \
        --format ndjson
    [[ "$output" == *'"state": "done"'* ]]
    MUDLARK_HOME="$DIR/other" "$mudlark" db stop --quiet
}

@test "no command opens the database but by the one door" {
    cd "$MUD_SOURCE"
    others=$(grep -lE 'mud_(db_open|db_connect|db_as|pg_open)\(' cli/*.c |
        grep -vE '^cli/(admit|cmd_db|cmd_selftest)\.c$') || true
    [ -z "$others" ] || {
        echo "$others"
        false
    }
}
