-- Who says under which name he was known before, where and when; one end is
-- known by its name alone.
SELECT src, dst, content_id, seen_at FROM claim_evidence WHERE kind = 9
