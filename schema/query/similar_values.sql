-- Contacts, prices and quantities of texts, once each.
SELECT DISTINCT content_id, type, kind, value, low, high, unit, currency
FROM annotation
WHERE content_id = ANY ($1::uuid[]) AND field = 0 AND type IN (2, 3, 4)
    AND post_id = '00000000-0000-0000-0000-000000000000'
ORDER BY content_id, type, kind, value, low, high, unit, currency
