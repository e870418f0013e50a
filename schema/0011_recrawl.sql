-- What a later round fetches again, and when.

ALTER TABLE mud.frontier
    ADD COLUMN read_at        timestamptz, -- NULL: nothing was read of it yet
    ADD COLUMN read_replies   int,         -- of a thread's first page: what the
    ADD COLUMN read_last_post timestamptz, -- listing said when it was read last
    ADD COLUMN digest         uuid,        -- of what was read
    ADD COLUMN same           int NOT NULL DEFAULT 0, -- visits in a row without news
    ADD COLUMN due_at         timestamptz; -- to be looked at again; NULL: not asked
CREATE INDEX frontier_thread ON mud.frontier (source_id, thread, page);
CREATE INDEX frontier_due ON mud.frontier (source_id, due_at);

-- How often the pages of a board turn out changed when they are looked at again:
-- the interval shrinks with each that is, and grows with each that is not.
CREATE TABLE mud.pace (
    source_id int NOT NULL REFERENCES mud.source ON DELETE CASCADE,
    board     text NOT NULL,       -- '': not known
    visits    int NOT NULL,        -- pages looked at again
    changes   int NOT NULL,        -- of them, changed
    every_s   int NOT NULL CHECK (every_s BETWEEN 3600 AND 2592000),
    PRIMARY KEY (source_id, board)
);
