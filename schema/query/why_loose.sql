-- Why the claim from $1 to $2 of kind $3 joins nobody.
SELECT why FROM loose
WHERE src = $1::uuid AND kind = $3::int AND dst = $2::uuid
