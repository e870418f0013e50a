-- Claims that hold now, or are gone.
DELETE FROM loose o WHERE NOT EXISTS (SELECT FROM stage_loose s
    WHERE s.src = o.src AND s.kind = o.kind AND s.dst = o.dst)
