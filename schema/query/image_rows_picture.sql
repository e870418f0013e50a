-- All rows of picture as text, in order, for mud_graph_digest.
SELECT t::text FROM picture AS t ORDER BY image_id, post_id
