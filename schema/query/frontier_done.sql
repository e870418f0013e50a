-- What became of a page.
UPDATE mud.frontier
SET fetched_at = $3::timestamptz, capture_id = $4::uuid, status = $5::int,
    outcome = $6::text
WHERE source_id = $1::int AND page_id = $2::uuid
RETURNING replies
