-- All rows of content as text, in order, for mud_graph_digest.
SELECT t::text FROM content AS t ORDER BY content_id
