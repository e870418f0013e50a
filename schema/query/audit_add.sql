-- One line: $1 who, $2 action, $3 kind, $4 object, $5 detail, $6 reason, $7 of.
SELECT mud.audit_add($1::text, $2::text, $3::text, $4::text, $5::jsonb,
    $6::text, $7::bigint)
