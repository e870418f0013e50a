-- All lines from $1 on, in order, and whether the columns say what the line does.
SELECT a.seq, a.line, a.hash,
    l.json->'detail' = a.detail
    AND l.json->>'action' = a.action AND l.json->>'kind' = a.kind
    AND l.json->>'login' = a.login AND l.json->>'object' = a.object
    AND l.json->>'who' = a.who AND (l.json->>'ts')::timestamptz = a.at
    AND l.json->>'reason' IS NOT DISTINCT FROM a.reason
    AND (l.json->>'of')::bigint IS NOT DISTINCT FROM a.of
FROM mud.audit a, LATERAL (SELECT a.line::jsonb AS json) l
WHERE a.seq >= $1::bigint ORDER BY a.seq
