-- Texts that another reader than $1 read, and the analysts' terms in use.
SELECT (SELECT count(*) FROM content WHERE reader <> $1::int),
    (SELECT count(*) FROM lexicon_entry WHERE state = 'active')
