-- The ledger line of capture $1.
SELECT ledger_seq FROM mud.capture WHERE capture_id = $1::uuid
