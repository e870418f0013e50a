-- How much of everything there is.
SELECT
    (SELECT count(*) FROM capture), (SELECT count(*) FROM capture_parsed),
    (SELECT count(*) FROM thread), (SELECT count(*) FROM post),
    (SELECT count(*) FROM content), (SELECT count(*) FROM annotation),
    (SELECT count(*) FROM post WHERE seller_id IS NOT NULL),
    (SELECT count(*) FROM offer), (SELECT count(*) FROM entity),
    (SELECT count(*) FROM claim) / 2, (SELECT count(*) FROM claim_evidence),
    (SELECT count(*) FROM search_pending),
    (SELECT count(*) FROM search_segment),
    (SELECT count(*) FROM actor WHERE score > 0),
    (SELECT count(DISTINCT reader) FROM content)
