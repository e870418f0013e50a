-- What was read before a rebuild, and after it, for `rebuild --diff`: emptied
-- when that was told. Kept while a rebuild that was killed waits for the next,
-- so that this one compares with what was whole. key: of what is compared.
CREATE TABLE mud.rebuild_fact (
    key       uuid NOT NULL,
    what      text NOT NULL,    -- post, offer, contact, seller, rules
    later     boolean NOT NULL, -- read by the rebuild
    source_id int,              -- NULL: of no one source
    shown     jsonb NOT NULL,   -- what it is, for an example
    value     text NOT NULL,    -- what is compared
    PRIMARY KEY (what, key, later)
);
