-- All rows of price as text, in order, for mud_graph_digest.
SELECT t::text FROM price AS t ORDER BY content_id, post_id, reader, offer_no,
    price_no
