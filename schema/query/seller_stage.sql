-- Make this session's staging table of actors.
SELECT mud.stage_actors()
