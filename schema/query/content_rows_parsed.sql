-- All rows of capture_parsed as text, in order, for mud_graph_digest.
SELECT t::text FROM capture_parsed AS t ORDER BY capture_id
