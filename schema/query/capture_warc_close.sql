-- File $1 is full.
UPDATE mud.warc_file SET state = 'closed' WHERE name = $1::text
