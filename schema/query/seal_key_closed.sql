-- All keys that a machine key closes: data keys, and captures' own (salt).
SELECT key_id, NULL::uuid, machine_id, to_char(month, 'YYYY-MM'), class,
    wrapped
FROM mud.seal_key WHERE wrapped IS NOT NULL
UNION ALL
SELECT key_id, salt, machine_id, '', '', wrapped
FROM mud.seal_kept
