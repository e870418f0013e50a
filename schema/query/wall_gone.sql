-- Nothing stands before the source named $1 any more, as far as we know.
DELETE FROM mud.wall
WHERE source_id = (SELECT source_id FROM mud.source WHERE name = $1::text)
