-- All rows of claim as text, in order, for mud_graph_digest.
SELECT t::text FROM claim AS t ORDER BY src, kind, dst
