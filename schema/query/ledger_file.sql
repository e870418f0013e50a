-- The line that was written when file $1 of the vault was begun.
SELECT line FROM mud.ledger WHERE object = $1::text AND op = 'file'
ORDER BY seq LIMIT 1
