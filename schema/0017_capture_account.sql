-- With which account of the source a page was fetched (mud.account); NULL: as a
-- stranger. Its name among the secrets, not at the site.
ALTER TABLE mud.capture ADD COLUMN account text;
