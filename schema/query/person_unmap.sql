-- The account $1 of the system is nobody's any more.
DELETE FROM mud.person_user WHERE system_user = $1::text
