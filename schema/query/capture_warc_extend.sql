-- File $1 is sealed from $2 up to $3.
UPDATE mud.warc_file SET sealed_to = $3::bigint
WHERE name = $1::text AND sealed_to = $2::bigint
