-- What an older capture's context said of posts that now have a better row.
DELETE FROM price old USING stage_won w
WHERE w.replaced AND old.content_id = w.content_id AND old.post_id = w.post_id
