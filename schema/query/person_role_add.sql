-- Person $1 has role $2, given by $3.
INSERT INTO mud.person_role (name, role, given_by, given_at)
VALUES ($1::text, $2::text, $3::text, now())
ON CONFLICT (name, role) DO NOTHING
