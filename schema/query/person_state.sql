-- Person $1 is now in state $2.
UPDATE mud.person SET state = $2::text
WHERE name = $1::text AND state <> $2::text
