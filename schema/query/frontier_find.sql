-- A link to a page was found in round $3; a row comes back when that is news.
INSERT INTO mud.frontier AS f (source_id, page_id, round, url, kind, board,
                               thread, page, replies, last_post)
VALUES ($1::int, $2::uuid, $3::timestamptz, $4::text, $5::text, $6::text,
        $7::text, $8::int, $9::int, $10::timestamptz)
ON CONFLICT (source_id, page_id) DO UPDATE
SET round = excluded.round,
    replies = coalesce(excluded.replies, f.replies),
    last_post = coalesce(excluded.last_post, f.last_post)
WHERE f.round < excluded.round
RETURNING page_id
