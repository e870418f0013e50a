-- Drop titles and signatures of posts ($1) that are gone altogether.
DELETE FROM mud.part WHERE post_id = ANY ($1::uuid[])
    AND post_id <> ALL (ARRAY(SELECT p.post_id FROM mud.post p
                              WHERE p.post_id = ANY ($1::uuid[])))
RETURNING content_id
