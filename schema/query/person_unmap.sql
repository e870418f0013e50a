-- The account $1 of the system is person $2's no more.
DELETE FROM mud.person_user
WHERE system_user = $1::text AND name = $2::text
