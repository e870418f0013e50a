-- All rows of part as text, in order, for mud_graph_digest.
SELECT t::text FROM part AS t ORDER BY content_id, post_id
