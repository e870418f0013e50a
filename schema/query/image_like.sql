-- Sightings of the image $1 (SHA-256 in hex) and of those like it, whose prints
-- differ from $2 and $3 in at most $5 bits, the nearest and oldest first, at
-- most $6. Images that a code fills are the same by their codes ($4).
SELECT p.image_id, encode(i.sha256, 'hex'), p.post_id, p.capture_id, p.name,
    p.content_id, d.differ
FROM image i
CROSS JOIN LATERAL (SELECT CASE
    WHEN i.sha256 = decode($1::text, 'hex') THEN 0
    ELSE least(bit_count(i.likeness # $2::text::bit(256)),
        bit_count(i.likeness # $3::text::bit(256)),
        bit_count(i.inside # $2::text::bit(256)),
        bit_count(i.inside # $3::text::bit(256))) END AS differ) AS d
JOIN picture p USING (image_id)
WHERE d.differ <= $5::int
    AND (i.sha256 = decode($1::text, 'hex') OR cardinality(i.codes) = 0
        OR $4::jsonb = '[]' OR EXISTS (SELECT 1
            FROM jsonb_array_elements_text($4::jsonb) AS c
            WHERE c::uuid = ANY (i.codes)))
ORDER BY d.differ, p.seen_at, p.image_id, p.post_id
LIMIT $6::bigint
