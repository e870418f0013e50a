-- Whether file $1 is registered.
SELECT count(*) FROM mud.warc_file WHERE name = $1::text
