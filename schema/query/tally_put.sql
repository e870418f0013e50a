-- What a batch tallied. A capture read again has the rows of this reading and
-- no others; its last row says how many there are.
WITH row AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS r (
        capture_id uuid, part int, source_id int, engine text, kind text,
        read_at timestamptz, posts int, counted int, filled int[], alike int, last boolean)
), old AS (
    DELETE FROM tally t USING row r
    WHERE r.last AND t.capture_id = r.capture_id AND t.part > r.part
)
INSERT INTO tally (capture_id, part, source_id, engine, kind, read_at, posts,
    counted, filled, alike)
SELECT DISTINCT ON (capture_id, part) capture_id, part, source_id, engine,
    kind, read_at, posts, counted, filled, alike
FROM row
ORDER BY capture_id, part
ON CONFLICT (capture_id, part) DO UPDATE SET source_id = excluded.source_id,
    engine = excluded.engine, kind = excluded.kind,
    read_at = excluded.read_at, posts = excluded.posts,
    counted = excluded.counted,
    filled = excluded.filled, alike = excluded.alike
