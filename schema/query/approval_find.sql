-- What was asked by $3 for action $1 on digest $2 (hex) and is good or open: one
-- that holds first, then one that waits.
SELECT a.approval_id, a.state
FROM mud.approval a JOIN mud.four_eyes f USING (action)
WHERE a.action = $1::text AND a.digest = decode($2::text, 'hex')
    AND a.asked_by = $3::text
    AND (a.state = 'asked'
         OR a.state = 'approved' AND a.expires_at > now()
            AND NOT (f.once AND a.used_at IS NOT NULL))
ORDER BY a.state, a.approval_id DESC LIMIT 1
