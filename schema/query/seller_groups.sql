-- Where a node offers or is forwarded to.
SELECT src, dst FROM claim WHERE kind = 5 AND fwd
UNION
SELECT dst, src FROM claim WHERE kind = 6 AND fwd
