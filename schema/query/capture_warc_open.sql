-- Files that may be written to still: own and open, the newest first.
SELECT name, sealed_to, warcinfo_id, encode(binary_sha256, 'hex')
FROM mud.warc_file WHERE kind = 'own' AND state = 'open'
ORDER BY made_at DESC, name
