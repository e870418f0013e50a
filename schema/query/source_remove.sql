-- Take away the source named $1, which holds nothing.
DELETE FROM mud.source WHERE name = $1 RETURNING source_id
