-- All rows of offer as text, in order, for mud_graph_digest.
SELECT t::text FROM offer AS t ORDER BY content_id, post_id, reader, offer_no
