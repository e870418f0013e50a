-- Claims that would join and do not, and why.
INSERT INTO loose AS old (src, kind, dst, why)
SELECT src, kind, dst, why FROM stage_loose ORDER BY src, kind, dst
ON CONFLICT (src, kind, dst) DO UPDATE SET why = excluded.why
WHERE old.why <> excluded.why
