-- Whether the mirror ever had this text.
SELECT count(*) > 0 FROM lexicon_mirror WHERE sha256 = $1::bytea
