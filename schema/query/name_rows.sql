-- All rows of name as text, in order, for mud_graph_digest.
SELECT t::text FROM name AS t ORDER BY entity_id, name
