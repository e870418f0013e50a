-- The signs of a bond between $1 and $2 of kind $3.
SELECT bits, holds, reasons FROM bond
WHERE src = $1::uuid AND kind = $3::int AND dst = $2::uuid
