-- All texts, for terms that the search index does not know: signs, parts of
-- words.
SELECT content_id FROM content ORDER BY content_id
