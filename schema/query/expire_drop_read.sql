-- Drop what was read in these posts ($2) of these texts ($1), and in texts that
-- stand in no post any more.
WITH gone AS (
    SELECT c.content_id FROM mud.content c
    WHERE c.content_id = ANY ($1::uuid[])
      AND NOT EXISTS (SELECT FROM mud.post p WHERE p.content_id = c.content_id)
      AND NOT EXISTS (SELECT FROM mud.part p WHERE p.content_id = c.content_id)
), texts AS (
    DELETE FROM mud.content c USING gone g WHERE c.content_id = g.content_id
), waiting AS (
    DELETE FROM mud.search_pending c USING gone g
    WHERE c.content_id = g.content_id
), alike AS (
    DELETE FROM mud.template c USING gone g WHERE c.content_id = g.content_id
), offers AS (
    DELETE FROM mud.offer o WHERE o.content_id = ANY ($1::uuid[])
      AND (o.content_id IN (SELECT content_id FROM gone)
           OR o.post_id = ANY ($2::uuid[]))
), prices AS (
    DELETE FROM mud.price o WHERE o.content_id = ANY ($1::uuid[])
      AND (o.content_id IN (SELECT content_id FROM gone)
           OR o.post_id = ANY ($2::uuid[]))
)
DELETE FROM mud.annotation o WHERE o.content_id = ANY ($1::uuid[])
  AND (o.content_id IN (SELECT content_id FROM gone)
       OR o.post_id = ANY ($2::uuid[]))
