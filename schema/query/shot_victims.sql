-- One row when contents $1 hold annotations of type $2.
SELECT 1 FROM mud.annotation
WHERE content_id = ANY ($1::uuid[]) AND type = $2::smallint LIMIT 1
