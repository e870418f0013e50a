-- Sources beside forums and files that are collected from by themselves, and
-- where each of them goes on.
ALTER TABLE mud.source DROP CONSTRAINT source_kind_check;
ALTER TABLE mud.source ADD CONSTRAINT source_kind_check CHECK (kind IN
    ('forum', 'chat', 'import', 'telegram', 'botapi', 'matrix', 'xmpp', 'irc',
     'feed', 'folder'));

-- How far a collector has come in one place: changed in the transaction that
-- stores what was read up to there, so that a killed worker repeats at most
-- what it had not stored.
CREATE TABLE mud.cursor (
    source_id  int NOT NULL REFERENCES mud.source ON DELETE CASCADE,
    place      text NOT NULL,   -- room, channel, feed; '' for the whole source
    value      text NOT NULL,   -- the protocol's own: a token, an id
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (source_id, place)
);
