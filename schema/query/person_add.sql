-- A person: $1 name, $2 full name, $3 organisation, $4 e-mail, $5 made by whom.
INSERT INTO mud.person (name, full_name, organisation, email, made_by, made_at)
VALUES ($1::text, $2::text, $3::text, $4::text, $5::text, now())
