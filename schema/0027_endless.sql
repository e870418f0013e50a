-- Since when the listing of a board is taken for one that its site makes up anew each
-- time (frontier_listing.sql): what it links to is not asked for.
ALTER TABLE mud.pace ADD COLUMN endless_at timestamptz;
