-- Take an entry out; its history stays.
DELETE FROM lexicon_entry
WHERE folded = $1 AND kind = $2 AND sense = $3 AND is_off = $4::boolean
