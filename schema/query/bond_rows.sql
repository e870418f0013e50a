-- All rows of bond as text, in order, for mud_graph_digest.
SELECT t::text FROM bond AS t ORDER BY src, kind, dst
