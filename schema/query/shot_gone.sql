-- The picture at path $1 is there no more.
UPDATE mud.shot SET path = NULL WHERE path = $1::text
