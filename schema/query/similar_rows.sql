-- All rows of template as text, in order, for mud_graph_digest.
SELECT s::text FROM template AS s ORDER BY content_id
