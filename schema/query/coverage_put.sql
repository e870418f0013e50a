-- What capture $2 of source $1 covers is the ranges of $3, and nothing else: a
-- better parser may see others than the last. How much the site stated at the
-- time stays known.
WITH range AS (
    SELECT r.*, (SELECT max(stated) FROM mud.coverage
                 WHERE capture_id = $2::uuid) AS stated_before
    FROM jsonb_to_recordset($3::jsonb) AS r (
        place text, kind text, unit text, read_from bigint, read_to bigint,
        read_at timestamptz, page int, pages int, posts int, stated bigint,
        whole boolean, note text, format text,
        history boolean)
), put AS (
    INSERT INTO mud.coverage AS c (source_id, place, kind, unit, read_from,
                                   read_to, read_at, page, pages, posts,
                                   stated, whole, note, capture_id, format,
                                   history)
    SELECT $1::int, place, kind, unit, read_from, read_to, read_at, page,
           pages, posts, coalesce(stated, stated_before), whole, note, $2::uuid,
           coalesce(format, ''), coalesce(history, false)
    FROM range
    ON CONFLICT (source_id, place, unit, read_from, capture_id) DO UPDATE
    SET kind = excluded.kind, read_to = excluded.read_to,
        page = excluded.page, pages = excluded.pages, posts = excluded.posts,
        stated = excluded.stated, whole = excluded.whole, note = excluded.note,
        format = excluded.format, history = excluded.history, settled = false
    RETURNING 1
)
DELETE FROM mud.coverage c
WHERE c.capture_id = $2::uuid
  AND NOT EXISTS (
      SELECT 1 FROM range r
      WHERE r.place = c.place AND r.unit = c.unit
        AND r.read_from = c.read_from AND c.source_id = $1::int)
