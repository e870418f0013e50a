-- Data key $1 was destroyed at $2 by $3, because $4.
UPDATE mud.seal_key SET wrapped = NULL, purged_at = $2::timestamptz,
    purged_by = $3::text, purged_why = $4::text
WHERE key_id = $1::uuid AND wrapped IS NOT NULL
