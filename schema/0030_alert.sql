-- Saved searches (graph/alert.h): kept over rebuilds, local to one server.
CREATE TABLE mud.alert (
    alert_id  int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name      text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
    query     text NOT NULL,
    zone      text NOT NULL,          -- of days in the query
    since     timestamptz NOT NULL,   -- posts captured before are no news
    made_by   text NOT NULL,
    made_at   timestamptz NOT NULL,
    muted     boolean NOT NULL DEFAULT false,
    trouble   text,                   -- why it could not be matched last
    delivered bigint NOT NULL DEFAULT 0 -- hits up to here were handed out
);

-- An advert that a saved search found, however often it is posted again; the
-- text is read where it lies, so that it ends with it. found: the record of
-- graph/search.h as it was, without the text.
CREATE TABLE mud.alert_hit (
    hit        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    alert_id   int NOT NULL REFERENCES mud.alert ON DELETE CASCADE,
    content_id uuid NOT NULL,
    post_id    uuid NOT NULL,         -- the first that was found
    at         timestamptz NOT NULL,  -- of that post
    found_at   timestamptz NOT NULL,
    found      jsonb NOT NULL,
    state      text NOT NULL DEFAULT 'new'
                   CHECK (state IN ('new', 'seen', 'kept', 'rejected')),
    state_by   text,
    state_at   timestamptz,
    note       text NOT NULL DEFAULT '',
    UNIQUE (alert_id, content_id)
);
CREATE INDEX alert_hit_state ON mud.alert_hit (alert_id, state, hit);

-- The posts of a hit.
CREATE TABLE mud.alert_post (
    alert_id int NOT NULL REFERENCES mud.alert ON DELETE CASCADE,
    post_id  uuid NOT NULL,
    hit      bigint NOT NULL REFERENCES mud.alert_hit ON DELETE CASCADE,
    at       timestamptz NOT NULL,
    found_at timestamptz NOT NULL,
    PRIMARY KEY (alert_id, post_id)
);
CREATE INDEX alert_post_hit ON mud.alert_post (hit);

-- Texts that were put into the search index while there were saved searches,
-- and are to be matched with them.
CREATE TABLE mud.alert_waiting (
    content_id uuid PRIMARY KEY
);
