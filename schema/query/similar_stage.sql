-- Make this session's staging table of near-duplicates.
SELECT mud.stage_similars()
