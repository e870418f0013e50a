-- Pictures of posts ($1) that are gone.
DELETE FROM mud.picture WHERE post_id = ANY ($1::uuid[])
