-- Places that posts point to and no source reads: invite links and group numbers
-- said in posts, channels that messages were forwarded from. $1: at least so many
-- posts; $2: decided ones too; $3: how many; $4, $5: only this one, or NULL.
WITH said AS (
    SELECT a.kind, a.value, p.post_id, p.source_id, p.seller_id, p.is_offer,
           coalesce(p.posted_at, p.first_seen) AS at
    FROM mud.annotation a
    JOIN mud.post p ON p.content_id = a.content_id
         AND (a.post_id = p.reading_of OR a.post_id = p.post_id)
    WHERE a.type = 4 AND a.value IS NOT NULL
      AND a.kind IN ('telegram_invite', 'discord_invite', 'whatsapp_invite',
                     'qq_group', 'qq_group_link')
    UNION ALL
    SELECT 'channel', p.extra->'forward'->>'chat', p.post_id, p.source_id,
           p.seller_id, p.is_offer, coalesce(p.posted_at, p.first_seen)
    FROM mud.post p
    WHERE p.extra->'forward'->>'chat' <> ''
), place AS (
    SELECT kind, value, count(DISTINCT post_id) AS posts,
           count(DISTINCT post_id) FILTER (WHERE is_offer) AS offers,
           count(DISTINCT seller_id) AS sellers,
           count(DISTINCT source_id) AS sources,
           min(at) AS first_seen, max(at) AS last_seen,
           (array_agg(post_id ORDER BY at, post_id))[1] AS first_post
    FROM said
    WHERE ($4::text IS NULL OR kind = $4) AND ($5::text IS NULL OR value = $5)
    GROUP BY kind, value
)
SELECT p.kind, p.value, p.posts, p.offers, p.sellers, p.sources, p.first_seen,
       p.last_seen, p.first_post, c.verdict, c.by_whom, c.decided_at, c.note
FROM place p
LEFT JOIN mud.candidate c ON c.kind = p.kind AND c.value = p.value
WHERE p.posts >= $1::int AND ($2::boolean OR c.verdict IS NULL)
  AND NOT EXISTS (SELECT 1 FROM mud.source s
                  WHERE s.options->'rooms' ? p.value)
ORDER BY p.offers DESC, p.sellers DESC, p.posts DESC, p.kind, p.value
LIMIT $3::int
