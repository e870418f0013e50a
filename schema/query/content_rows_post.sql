-- All rows of post as text, in order, for mud_graph_digest.
SELECT t::text FROM post AS t ORDER BY content_id, post_id, state
