-- Price tiers of those offers.
INSERT INTO price
SELECT p.* FROM stage_price p JOIN stage_new USING (content_id)
WHERE p.post_id = '00000000-0000-0000-0000-000000000000'
UNION ALL
SELECT p.* FROM stage_price p JOIN stage_won w USING (content_id, post_id)
