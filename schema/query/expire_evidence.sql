-- Which of these texts ($1) something is claimed by, in which posts.
SELECT DISTINCT content_id, post_id FROM mud.claim_evidence
WHERE content_id = ANY ($1::uuid[])
