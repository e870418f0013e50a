-- Name of a rule and version of its reader.
SELECT r.name, v.version FROM reader v
LEFT JOIN rule r ON r.reader = v.reader AND r.rule = $2::int
WHERE v.reader = $1::int
