-- All rows of annotation as text, in order, for mud_graph_digest.
SELECT t::text FROM annotation AS t ORDER BY content_id, post_id, reader, ann_no
