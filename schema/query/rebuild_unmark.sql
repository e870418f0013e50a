-- A rebuild has ended.
DELETE FROM setting WHERE key = 'rebuild'
