-- The first line that no anchor of a whole day holds; NULL before the first.
SELECT max(first_seq + lines) FROM mud.anchor WHERE whole
