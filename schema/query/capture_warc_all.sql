-- All files of the vault with the number of captures in each.
SELECT f.name, f.kind, f.state, f.sealed_to,
    (SELECT count(*) FROM mud.capture c WHERE c.warc_file = f.name)
FROM mud.warc_file f ORDER BY f.made_at, f.name
