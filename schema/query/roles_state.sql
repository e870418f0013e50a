-- Which schema/roles.sql was applied after how many steps, and whether this
-- login may apply it: it acts for the owner of the schema, the roles are there or
-- it may make them, and the owner may make tables, or this login can allow it.
SELECT coalesce(s.value->>'sha256', ''),
    coalesce((s.value->>'steps')::bigint, 0),
    (SELECT count(*) FROM mud.schema_migration),
    coalesce((SELECT has_schema_privilege(r.oid, n.oid, 'USAGE')
              FROM pg_roles r WHERE r.rolname = 'mud_worker'), false),
    pg_has_role(current_user, n.nspowner, 'USAGE')
    AND (has_database_privilege(current_database(), 'CREATE WITH GRANT OPTION')
         OR coalesce((SELECT has_database_privilege(r.oid, current_database(),
                                                    'CREATE')
                      FROM pg_roles r WHERE r.rolname = 'mud_owner'), false))
    AND ((SELECT count(*) FROM pg_roles WHERE rolname IN ('mud_owner',
            'mud_worker', 'mud_analyst', 'mud_officer', 'mud_supervisor',
            'mud_auditor', 'mud_partner')) = 7
         OR (SELECT rolsuper OR rolcreaterole FROM pg_roles
             WHERE rolname = current_user))
FROM pg_namespace n LEFT JOIN mud.setting s ON s.key = 'roles'
WHERE n.nspname = 'mud'
