-- All sketches, by id of their text.
SELECT content_id, sketch FROM content WHERE octet_length(sketch) > 0
ORDER BY content_id
