-- All rows of claim_evidence as text, in order, for mud_graph_digest.
SELECT t::text FROM claim_evidence AS t ORDER BY src, kind, dst, content_id, post_id
