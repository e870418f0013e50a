-- Who acts: $1 the name given with --as or NULL, $2 the account of the system.
SELECT name, state, array_to_string(roles, ','), elsewhere, persons,
    coalesce(mud.login_role(), '')
FROM mud.person_enter($1::text, $2::text)
