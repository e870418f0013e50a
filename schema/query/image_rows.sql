-- All rows of image as text, in order, for mud_graph_digest.
SELECT t::text FROM image AS t ORDER BY image_id
