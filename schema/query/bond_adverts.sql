-- Adverts that two or more sell by: words (a template, else the text), who
-- posted them first when, with which contacts; by words and contacts.
WITH sold AS (
    SELECT coalesce(t.template_id, p.content_id) AS words, p.content_id,
        p.seller_id, min(coalesce(p.posted_at, p.first_seen)) AS at
    FROM post p
    LEFT JOIN template t USING (content_id)
    WHERE p.seller_id IS NOT NULL AND p.state = 0
    GROUP BY 1, 2, 3
), shared AS (
    SELECT words FROM (SELECT DISTINCT words, seller_id FROM sold) AS once
    GROUP BY words HAVING count(*) > 1
), texts AS (
    SELECT content_id, string_agg(DISTINCT kind || ':' || value, E'\n'
        ORDER BY kind || ':' || value) AS contacts
    FROM annotation
    WHERE content_id IN (
            SELECT content_id FROM sold JOIN shared USING (words))
        AND post_id = '00000000-0000-0000-0000-000000000000'
        AND type = 4 AND field = 0 AND role = 'advertiser'
    GROUP BY content_id
)
SELECT s.words, s.content_id, s.seller_id, s.at, coalesce(x.contacts, '')
FROM sold s
JOIN shared USING (words)
LEFT JOIN texts x USING (content_id)
ORDER BY s.words, coalesce(x.contacts, '') COLLATE "C", s.at, s.seller_id,
    s.content_id
