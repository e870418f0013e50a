-- The own key of the capture with salt $1 is destroyed.
DELETE FROM mud.seal_kept WHERE salt = $1::uuid
