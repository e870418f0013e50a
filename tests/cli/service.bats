# The unit of systemd: what it starts is a command as it is, and where systemd's
# own checker is there, it finds nothing.

setup() {
    unit=$MUD_SOURCE/scripts/mudlark.service
    mudlark=${MUD_BINARY:?}
}

@test "what the unit starts is understood" {
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
}

@test "systemd takes it" {
    type systemd-analyze || skip "systemd-analyze is not here"
    copy=$(mktemp -d)
    sed "s|/usr/local/bin/mudlark|$mudlark|; s/^User=.*/User=root/" "$unit" \
        >"$copy/mudlark.service"
    run systemd-analyze verify --man=no "$copy/mudlark.service"
    echo "$output"
    rm -rf "$copy"
    [ "$status" = 0 ]
}
