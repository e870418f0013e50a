-- Person $1 has no role $2 any more.
DELETE FROM mud.person_role WHERE name = $1::text AND role = $2::text
