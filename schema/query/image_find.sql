-- One image by its SHA-256 (hex).
SELECT encode(sha256, 'hex'), format, width, height, likeness::text,
    inside::text, to_jsonb(codes)::text
FROM image WHERE sha256 = decode($1::text, 'hex')
