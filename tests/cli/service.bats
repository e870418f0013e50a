# The units of systemd: what they start are commands as they are, and where
# systemd's own checker is there, it finds nothing.

setup() {
    units="$MUD_SOURCE/scripts/mudlark.service
        $MUD_SOURCE/scripts/mudlark-worker@.service"
    mudlark=${MUD_BINARY:?}
}

@test "what the units start is understood" {
    for unit in $units; do
        line=$(sed -n 's/^ExecStart=[^ ]* //p' "$unit")
        [ -n "$line" ]
        # shellcheck disable=SC2086
        run "$mudlark" $line --no-such-option
        [ "$status" = 2 ]
        [[ "$output" == *"no-such-option"* ]] # and nothing before it
        # shellcheck disable=SC2086
        run "$mudlark" $line --help
        echo "$output"
        [ "$status" = 0 ]
    done
}

@test "both units keep the same reach" {
    for unit in $units; do
        sed -n '/^# What strangers write/,/^SystemCallErrorNumber/p' "$unit"
        echo ---
    done >"$BATS_TEST_TMPDIR/reach"
    run awk 'BEGIN { RS = "---\n" } { part[NR] = $0 }
        END { exit !(NR == 2 && part[1] != "" && part[1] == part[2]) }' \
        "$BATS_TEST_TMPDIR/reach"
    [ "$status" = 0 ]
}

@test "systemd takes them, and finds them little exposed" {
    type systemd-analyze || skip "systemd-analyze is not here"
    copy=$(mktemp -d)
    for unit in $units; do
        name=$(basename "$unit")
        sed "s|/usr/local/bin/mudlark|$mudlark|; s/^User=.*/User=root/" "$unit" \
            >"$copy/${name/@/@1}"
        run systemd-analyze verify --man=no "$copy/${name/@/@1}"
        echo "$output"
        [ "$status" = 0 ]
        cp "$unit" "$copy/${name/@/@1}"
        # 0 to 10; what is left is that it goes to the network
        run systemd-analyze security --offline=true --threshold=20 \
            "$copy/${name/@/@1}"
        echo "$output"
        [ "$status" = 0 ]
    done
    rm -rf "$copy"
}
