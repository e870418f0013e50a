-- The own key of the capture with salt $1 is closed with machine key $2: $3.
UPDATE mud.seal_kept SET machine_id = $2::uuid, wrapped = decode($3::text, 'hex')
WHERE salt = $1::uuid
