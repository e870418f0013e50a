-- Data keys that were destroyed: when, by whom, why.
SELECT key_id, purged_at, purged_by, purged_why FROM mud.seal_key
WHERE wrapped IS NULL
