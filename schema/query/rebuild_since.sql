-- When a rebuild began that has not ended.
SELECT (value ->> 'begun')::timestamptz FROM setting WHERE key = 'rebuild'
