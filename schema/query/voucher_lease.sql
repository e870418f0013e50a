-- May the authority be asked now ($1), or is it asked all the same ($3)? Who may
-- has it till $2; nobody else asks meanwhile.
UPDATE mud.anchor_stamping SET next_at = $2::timestamptz
WHERE next_at <= $1::timestamptz OR $3::boolean
RETURNING tries
