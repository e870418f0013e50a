-- Make this session's staging tables.
SELECT mud.stage()
