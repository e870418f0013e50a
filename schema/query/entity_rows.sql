-- All rows of entity as text, in order, for mud_graph_digest.
SELECT t::text FROM entity AS t ORDER BY entity_id
