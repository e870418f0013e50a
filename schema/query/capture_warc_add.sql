-- A new file of the vault: name, kind, sealed_to, warcinfo, binary, time.
INSERT INTO mud.warc_file
    (name, kind, sealed_to, warcinfo_id, binary_sha256, made_at)
VALUES ($1::text, $2::text, $3::bigint, $4::uuid, decode($5::text, 'hex'),
        $6::timestamptz)
ON CONFLICT (name) DO NOTHING
