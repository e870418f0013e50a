-- A saved search goes, with its hits.
DELETE FROM alert WHERE name = $1
