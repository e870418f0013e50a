-- Whether a capture was parsed and read whole by these versions.
SELECT count(*) FROM capture_parsed
WHERE capture_id = $1::uuid AND parser = $2 AND reader = $3::int
