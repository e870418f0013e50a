-- Data key $1 of month $2 and class $3, closed ($5) with machine key $4, made
-- at $6. What is known already stays as it is.
INSERT INTO mud.seal_key (key_id, month, class, machine_id, wrapped, made_at)
VALUES ($1::uuid, ($2::text || '-01')::date, $3::text, $4::uuid,
        decode($5::text, 'hex'), $6::timestamptz)
ON CONFLICT DO NOTHING
