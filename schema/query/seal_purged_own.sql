-- What the own key with salt $1 alone still opened cannot be read since $2.
UPDATE mud.capture_seal SET purged_at = $2::timestamptz
WHERE purged_at IS NULL AND (salt = $1::uuid OR file_salt = $1::uuid)
