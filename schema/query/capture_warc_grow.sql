-- File $1 is sealed at least up to $2.
UPDATE mud.warc_file SET sealed_to = greatest(sealed_to, $2::bigint)
WHERE name = $1::text
