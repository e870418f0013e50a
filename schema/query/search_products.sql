-- Products that are offered in these texts.
SELECT content_id, post_id, product FROM offer
WHERE content_id = ANY ($1::uuid[]) AND product <> ''
ORDER BY content_id
