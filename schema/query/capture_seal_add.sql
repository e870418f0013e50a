-- How captures are sealed: $1 is a JSON array (evidence/facts.c).
INSERT INTO mud.capture_seal (capture_id, key_id, salt, plain_sha256, file_key,
    file_salt, file_sha256, file_size)
SELECT capture_id, key_id, salt, decode(plain_sha256, 'hex'), file_key,
    file_salt, decode(file_sha256, 'hex'), file_size
FROM jsonb_to_recordset($1::jsonb) AS r(capture_id uuid, key_id uuid, salt uuid,
    plain_sha256 text, file_key uuid, file_salt uuid, file_sha256 text,
    file_size bigint)
