-- Whether anything was sealed, and how many files of our own there are.
SELECT (SELECT count(*) FROM mud.seal_key),
    (SELECT count(*) FROM mud.warc_file WHERE kind = 'own')
