-- How far file $1 is sealed, once no transaction is changing that.
SELECT sealed_to, warcinfo_id, state FROM mud.warc_file
WHERE name = $1::text FOR UPDATE
