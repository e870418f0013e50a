-- What won posts offer in their context, with texts that were stored before.
INSERT INTO offer
SELECT o.* FROM stage_offer o JOIN stage_won w USING (content_id, post_id)
