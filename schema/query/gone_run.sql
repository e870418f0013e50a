-- Posts that are missing from a later whole reading of their place, for all
-- places that were read since the last run; one statement, so that all of it
-- sees the same. Captures whose posts are not committed yet wait.
WITH mark AS (
    UPDATE mud.coverage c SET settled = true
    WHERE NOT settled AND EXISTS (
        SELECT 1 FROM mud.capture_parsed p WHERE p.capture_id = c.capture_id)
    RETURNING source_id, place
), place AS (
    SELECT t.thread_id, t.source_id, t.thread_key, max(c.read_at) AS newest
    FROM (SELECT DISTINCT source_id, place FROM mark) m
        JOIN mud.thread t
            ON t.source_id = m.source_id AND t.thread_key = m.place
        JOIN mud.coverage c
            ON c.source_id = m.source_id AND c.place = m.place
    WHERE c.history AND c.whole
    GROUP BY t.thread_id, t.source_id, t.thread_key
), sighting AS (
    SELECT p.post_id, l.thread_id, l.source_id, l.thread_key, p.content_id,
        p.capture_id, p.author_key, p.author, p.posted_at, p.posted_precision,
        p.position, p.post_key,
        CASE WHEN p.post_key ~ '^[0-9]{1,18}$' OR (p.post_key ~ '^[0-9]{19}$'
                AND p.post_key COLLATE "C" <= '9223372036854775807')
            THEN p.post_key::bigint END AS number,
        l.newest, max(p.last_seen) OVER same AS last_seen,
        row_number() OVER (same ORDER BY p.last_seen DESC, p.content_id,
            p.state) AS nth
    FROM place l JOIN mud.post p USING (thread_id)
    WINDOW same AS (PARTITION BY p.post_id)
), missing AS (
    SELECT s.*, r.capture_id AS by_capture, r.read_at, r.unit, r.kind
    FROM sighting s CROSS JOIN LATERAL (
        SELECT r.capture_id, r.read_at, r.unit, r.kind
        FROM mud.coverage r
        WHERE r.source_id = s.source_id AND r.place = s.thread_key
            AND r.history AND r.whole AND r.read_at > s.last_seen
            AND CASE r.unit
                WHEN 'id' THEN s.number BETWEEN r.read_from AND r.read_to
                WHEN 'floor' THEN s.number IS NULL AND s.post_key <> ''
                    AND s.position BETWEEN r.read_from AND r.read_to
                WHEN 'time' THEN s.post_key <> ''
                    AND s.posted_precision IN (1, 2)
                    AND s.posted_at > to_timestamp(r.read_from / 1000000.0)
                    AND s.posted_at < to_timestamp(r.read_to / 1000000.0)
                ELSE false END
            AND EXISTS (
                SELECT 1 FROM mud.coverage e
                WHERE e.capture_id = s.capture_id
                    AND e.source_id = r.source_id AND e.place = r.place
                    AND e.format = r.format AND e.unit = r.unit)
            AND EXISTS (
                SELECT 1 FROM mud.capture_parsed p
                WHERE p.capture_id = r.capture_id)
        ORDER BY r.read_at, r.capture_id
        LIMIT 1) r
    WHERE s.nth = 1 AND s.last_seen < s.newest
        -- The same words at the same time under another name: an account that
        -- was renamed, where ids are made of names.
        AND NOT (r.unit = 'time' AND EXISTS (
            SELECT 1 FROM mud.post q
            WHERE q.content_id = s.content_id AND q.thread_id = s.thread_id
                AND q.posted_at = s.posted_at AND q.post_id <> s.post_id
                AND q.last_seen >= r.read_at))
), found AS (
    SELECT m.thread_id, m.by_capture, m.n, count(DISTINCT p.post_id) AS found
    FROM (SELECT thread_id, by_capture, read_at, count(*) AS n
          FROM missing WHERE kind = 'group' GROUP BY 1, 2, 3) m
        LEFT JOIN mud.post p ON p.thread_id = m.thread_id
            AND p.first_seen < m.read_at AND p.last_seen >= m.read_at
    GROUP BY m.thread_id, m.by_capture, m.n
), fresh AS (
    SELECT c.post_id, c.source_id, c.thread_id, c.last_seen, c.read_at,
        c.by_capture, c.unit, CASE WHEN c.unit = 'time' THEN (
            SELECT CASE WHEN count(DISTINCT q.post_id) = 1
                THEN min(q.post_id::text)::uuid END
            FROM mud.post q
            WHERE q.thread_id = c.thread_id AND q.posted_at = c.posted_at
                AND q.author = c.author AND q.author_key = c.author_key
                AND q.capture_id = c.by_capture) END AS became
    FROM missing c LEFT JOIN found f USING (thread_id, by_capture)
    -- More missing than found again: not deletions, but another sort of export,
    -- such as one of one's own messages.
    WHERE c.kind <> 'group' OR f.n <= f.found
), back AS (
    DELETE FROM mud.gone g USING place l
    WHERE g.thread_id = l.thread_id
        AND NOT EXISTS (SELECT 1 FROM fresh f WHERE f.post_id = g.post_id)
)
INSERT INTO mud.gone (post_id, source_id, thread_id, last_seen, gone_at,
    capture_id, unit, became)
SELECT post_id, source_id, thread_id, last_seen, read_at, by_capture, unit,
    became
FROM fresh
ORDER BY post_id
ON CONFLICT (post_id) DO UPDATE SET last_seen = excluded.last_seen,
    gone_at = excluded.gone_at, capture_id = excluded.capture_id,
    unit = excluded.unit, became = excluded.became
