-- The last line: its number and hash.
SELECT seq, hash FROM mud.audit ORDER BY seq DESC LIMIT 1
