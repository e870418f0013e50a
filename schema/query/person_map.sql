-- The account $1 of the system is person $2's, mapped by $3.
INSERT INTO mud.person_user (system_user, name, mapped_by, mapped_at)
VALUES ($1::text, $2::text, $3::text, now())
