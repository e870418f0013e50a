-- All data keys, the newest first, with the number of captures under each.
SELECT k.key_id, to_char(k.month, 'YYYY-MM'), k.class, k.machine_id, k.made_at,
    k.purged_at, coalesce(k.purged_by, ''), coalesce(k.purged_why, ''),
    (SELECT count(*) FROM mud.capture_seal s WHERE s.key_id = k.key_id)
FROM mud.seal_key k ORDER BY k.month DESC, k.class, k.key_id
