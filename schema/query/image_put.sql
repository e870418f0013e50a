-- Images and where they were seen, $1 a JSON array of both at once; of one
-- image in one post the earliest capture counts.
WITH rows AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(image uuid, sha256 text,
        format text, width int, height int, opened boolean, likeness text,
        inside text, codes jsonb, tools text, places jsonb, notes jsonb,
        post uuid, capture uuid, place int, name text, content uuid,
        seen timestamptz)
), images AS (
    INSERT INTO image (image_id, sha256, format, width, height, opened,
        likeness, inside, codes, tools, places, notes)
    SELECT DISTINCT ON (image) image, decode(sha256, 'hex'), format, width,
        height, opened, likeness::bit(256), inside::bit(256),
        ARRAY(SELECT c::uuid FROM jsonb_array_elements_text(codes) AS c),
        tools, places, notes
    FROM rows ORDER BY image, opened DESC, jsonb_array_length(places) DESC
    ON CONFLICT (image_id) DO NOTHING
)
INSERT INTO picture AS old (image_id, post_id, capture_id, place, name,
    content_id, seen_at)
SELECT DISTINCT ON (image, post) image, post, capture, place, name, content,
    seen
FROM rows ORDER BY image, post, seen, capture, place
ON CONFLICT (image_id, post_id) DO UPDATE SET
    (capture_id, place, name, content_id, seen_at) = (excluded.capture_id,
        excluded.place, excluded.name, excluded.content_id, excluded.seen_at)
WHERE (excluded.seen_at, excluded.capture_id) < (old.seen_at, old.capture_id)
