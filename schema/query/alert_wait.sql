-- These texts are to be matched with the saved searches.
INSERT INTO alert_waiting (content_id) SELECT unnest($1::uuid[])
ON CONFLICT DO NOTHING
