-- Workers that hold a source.
SELECT DISTINCT worker FROM mud.health
WHERE worker IS NOT NULL AND leased_until > now()
