-- Price tiers of those offers.
INSERT INTO price
SELECT p.* FROM stage_price p JOIN stage_won w USING (content_id, post_id)
