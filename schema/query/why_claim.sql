-- The claim from $1 to $2 of a kind.
SELECT fwd, first_seen, last_seen FROM claim
WHERE src = $1::uuid AND kind = $3::int AND dst = $2::uuid
