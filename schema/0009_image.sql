-- Images of posts: what they show, and where the same picture was seen. Both
-- are derived from captures. The text that a picture says is a content of its
-- own (field 6), seen with its post through part.
INSERT INTO mud.code (list, id, name) VALUES ('field', 6, 'attachments');

-- One row an image, by its bytes: id of "image", SHA-256 in hex.
CREATE TABLE mud.image (
    image_id uuid PRIMARY KEY,
    sha256   bytea NOT NULL CHECK (octet_length(sha256) = 32),
    format   text NOT NULL,       -- '': unknown
    width    int NOT NULL,        -- pixels
    height   int NOT NULL,
    opened   boolean NOT NULL,    -- it was decoded
    likeness bit(256),            -- NULL: too little in it to tell it by
    inside   bit(256),            -- the same without its plain border
    codes    uuid[] NOT NULL,     -- digests of codes that fill the image: such
                                  -- images are alike, whatever they say
    tools    text NOT NULL,       -- and versions that read it
    places   jsonb NOT NULL,      -- of the text's words, [start, end, x, y,
                                  -- width, height, confidence, code]: bytes,
                                  -- pixels, 0..1000, 1 for a QR code
    notes    jsonb NOT NULL       -- codes of what was passed over
);

-- Where it was seen: once a post.
CREATE TABLE mud.picture (
    image_id   uuid NOT NULL,
    post_id    uuid NOT NULL,
    capture_id uuid NOT NULL,     -- the image, sealed
    place      int NOT NULL,      -- index in the post's attachments
    name       text NOT NULL,     -- as the post calls it
    content_id uuid,              -- what it says, masked; NULL: nothing
    seen_at    timestamptz NOT NULL, -- time of the post's capture
    PRIMARY KEY (image_id, post_id)
);
CREATE INDEX picture_by_post ON mud.picture (post_id);

-- Images are found by the address that a post gives.
CREATE INDEX capture_by_url ON mud.capture USING hash (url);

CREATE OR REPLACE FUNCTION mud.graph_clear() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE mud.content, mud.post, mud.part, mud.annotation, mud.offer,
        mud.price, mud.thread, mud.capture_parsed, mud.reader, mud.rule,
        mud.entity, mud.claim, mud.claim_evidence, mud.actor_run,
        mud.actor_member, mud.actor, mud.search_pending, mud.search_segment,
        mud.search_ids, mud.search_posting, mud.template, mud.template_run,
        mud.tally, mud.gone, mud.name, mud.image, mud.picture;
END $$;
