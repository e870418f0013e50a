-- Does the ledger have a line of the signature or time stamp of name $1 whose
-- SHA-256 is $2?
SELECT EXISTS (SELECT FROM mud.ledger WHERE op IN ('sign', 'stamp')
    AND object = $1::text AND line::json->'detail'->>'sha256' = $2::text)
