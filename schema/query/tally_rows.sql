-- All rows of tally as text, in order, for mud_graph_digest.
SELECT t::text FROM tally AS t ORDER BY capture_id, part
