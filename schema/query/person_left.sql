-- How many active persons have role $1, and whether $2 is one of them.
SELECT count(*), coalesce(bool_or(p.name = $2::text), false)
FROM mud.person p JOIN mud.person_role r USING (name)
WHERE p.state = 'active' AND r.role = $1::text
