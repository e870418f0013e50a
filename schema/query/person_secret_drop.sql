-- No secret or password of person $1 is good any more.
DELETE FROM mud.person_secret WHERE name = $1::text
