-- Contents of the batch that are new; they wait to be indexed for search.
WITH fresh AS (
    INSERT INTO content (content_id, field, lang, body, sketch, reader,
        category, direction, is_offer, sure)
    SELECT content_id, field, lang, body, sketch, reader, category, direction,
        is_offer, sure
    FROM stage_content
    ORDER BY content_id
    ON CONFLICT (content_id) DO NOTHING
    RETURNING content_id
), pending AS (
    INSERT INTO search_pending (content_id) SELECT content_id FROM fresh
    ON CONFLICT DO NOTHING
)
INSERT INTO stage_new (content_id) SELECT content_id FROM fresh
