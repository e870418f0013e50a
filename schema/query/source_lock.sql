-- Hold source $1 as it is until the transaction ends.
SELECT name FROM mud.source WHERE source_id = $1::int FOR UPDATE
