-- Evidence of bonds that is none any more.
DELETE FROM claim_evidence e USING bond b
WHERE e.src = b.src AND e.kind = b.kind AND e.dst = b.dst
    AND NOT EXISTS (SELECT FROM stage_proof s
        WHERE s.src = e.src AND s.kind = e.kind AND s.dst = e.dst
            AND s.content_id = e.content_id AND s.post_id = e.post_id)
