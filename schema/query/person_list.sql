-- People, or the one of name $1: roles and accounts of the system as lists.
SELECT p.name, p.full_name, p.organisation, p.email, p.state, p.made_by,
    p.made_at,
    (SELECT coalesce(json_agg(r.role ORDER BY r.role), '[]')
     FROM mud.person_role r WHERE r.name = p.name),
    (SELECT coalesce(json_agg(u.system_user ORDER BY u.system_user), '[]')
     FROM mud.person_user u WHERE u.name = p.name)
FROM mud.person p WHERE $1::text IS NULL OR p.name = $1::text
ORDER BY p.made_at, p.name
