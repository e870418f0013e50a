-- Data key $1 is closed with machine key $2 now: $3.
UPDATE mud.seal_key SET machine_id = $2::uuid, wrapped = decode($3::text, 'hex')
WHERE key_id = $1::uuid AND wrapped IS NOT NULL
