-- All rows of loose as text, in order, for mud_graph_digest.
SELECT t::text FROM loose AS t ORDER BY src, kind, dst
