-- The living data key of month $1 and class $2.
SELECT key_id FROM mud.seal_key
WHERE month = ($1::text || '-01')::date AND class = $2::text
  AND wrapped IS NOT NULL
