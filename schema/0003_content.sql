-- What was written: texts, where they were seen, and what they say. The family
-- of content_id (every key begins with it, joins stay inside it). Victims' data
-- is masked before a text gets here. All of it is derived from captures and
-- made again by rebuild. Ids: graph/ids.h. No foreign keys on the tables that
-- ingest writes: a check per row costs more than the row (tests look for
-- orphans instead).

-- Numbers of the program's lists, for people who read tables by hand.
CREATE TABLE mud.code (
    list text NOT NULL,
    id   smallint NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (list, id)
);
INSERT INTO mud.code (list, id, name) VALUES
    ('category', 0, 'benign'), ('category', 1, 'bots'),
    ('category', 2, 'personal_data'), ('category', 3, 'attack_for_hire'),
    ('category', 4, 'malware'), ('category', 5, 'phishing'),
    ('category', 6, 'hacking_training'), ('category', 7, 'virtual_property'),
    ('category', 8, 'account_trade'), ('category', 9, 'money_mule'),
    ('category', 10, 'sms_traffic_fraud'), ('category', 11, 'market_service'),
    ('category', 12, 'other'),
    ('direction', 0, 'none'), ('direction', 1, 'sell'), ('direction', 2, 'buy'),
    ('direction', 3, 'recruit'),
    ('annotation', 1, 'product'), ('annotation', 2, 'quantity'),
    ('annotation', 3, 'price'), ('annotation', 4, 'contact'),
    ('annotation', 5, 'victim_data'), ('annotation', 6, 'indicator'),
    ('annotation', 7, 'candidate'),
    ('field', 0, 'text'), ('field', 1, 'title'), ('field', 2, 'signature'),
    ('field', 3, 'links'), ('field', 4, 'buttons'), ('field', 5, 'author'),
    ('state', 0, 'shown'), ('state', 1, 'blocked'), ('state', 2, 'deleted'),
    ('state', 3, 'login'), ('state', 4, 'empty'),
    ('precision', 0, ''), ('precision', 1, 'second'), ('precision', 2, 'minute'),
    ('precision', 3, 'hour'), ('precision', 4, 'day'), ('precision', 5, 'month'),
    ('precision', 6, 'year');

-- Versions of rules and lexicon that read something here. reader is the first
-- four bytes of the SHA-256 of the version's name.
CREATE TABLE mud.reader (
    reader  int PRIMARY KEY,
    version text NOT NULL
);
CREATE TABLE mud.rule (
    reader int NOT NULL,
    rule   int NOT NULL,
    name   text NOT NULL,
    PRIMARY KEY (reader, rule)
);

-- One row a distinct masked text. A text is read once, under the version that
-- met it first; rebuild reads all with today's.
CREATE TABLE mud.content (
    content_id uuid PRIMARY KEY,
    field      smallint NOT NULL,     -- 0 body, 1 title, 2 signature
    lang       text NOT NULL,
    body       text NOT NULL,
    simhash    bigint NOT NULL,       -- 0: too short to say
    reader     int NOT NULL,
    category   smallint NOT NULL,     -- of the text alone
    direction  smallint NOT NULL,
    is_offer   boolean NOT NULL,
    sure       smallint NOT NULL      -- 0..1000
);

-- A sighting of a content under a post's key. A post seen with another text,
-- or blocked, or deleted, has another row: its revisions. Of several captures
-- that show the same, the best view and then the earliest gives the row
-- (rank, seen_at, capture_id), whatever the order in which they came.
CREATE TABLE mud.post (
    content_id       uuid NOT NULL,
    post_id          uuid NOT NULL,
    state            smallint NOT NULL,
    thread_id        uuid NOT NULL,
    source_id        int NOT NULL,
    author_id        uuid,            -- persona; NULL: anonymous, unknown
    seller_id        uuid,            -- entity whose illicit offer it is; NULL
                                      -- for all else, forwards name the origin
    capture_id       uuid NOT NULL,
    seen_at          timestamptz NOT NULL,   -- time of that capture
    rank             smallint NOT NULL,
    first_seen       timestamptz NOT NULL,   -- over all captures
    last_seen        timestamptz NOT NULL,
    post_key         text NOT NULL,   -- the site's own id
    position         int,
    author           text NOT NULL,
    author_key       text NOT NULL,   -- the site's own id of the author
    posted_at        timestamptz,
    posted_precision smallint NOT NULL,
    edited_at        timestamptz,
    title_id         uuid,            -- content that is the thread's title,
                                      -- with the post that opens it
    signature_id     uuid,            -- content that is the signature
    reading_of       uuid NOT NULL,   -- post_id when its context changes the
                                      -- reading; nil: that of the text holds
    category         smallint NOT NULL,
    direction        smallint NOT NULL,
    is_offer         boolean NOT NULL,
    sure             smallint NOT NULL,
    extra            jsonb,           -- quotes, links..., as in the record
    PRIMARY KEY (content_id, post_id, state)
);
CREATE INDEX post_by_id ON mud.post (post_id);
CREATE INDEX post_by_thread ON mud.post (thread_id);
CREATE INDEX post_by_time ON mud.post
    ((coalesce(posted_at, first_seen)), post_id);
CREATE INDEX post_by_seller ON mud.post (seller_id)
    WHERE seller_id IS NOT NULL;

-- Titles and signatures are contents of their own, seen with a post.
CREATE TABLE mud.part (
    content_id uuid NOT NULL,
    post_id    uuid NOT NULL,
    capture_id uuid NOT NULL,
    seen_at    timestamptz NOT NULL,
    posted_at  timestamptz,
    PRIMARY KEY (content_id, post_id)
);

-- Typed spans, UTF-8 bytes of the content's body (links, buttons: of that
-- string in the post's extra). post_id nil: read from the text alone; else
-- what this post's context adds or changes.
CREATE TABLE mud.annotation (
    content_id  uuid NOT NULL,
    post_id     uuid NOT NULL,
    reader      int NOT NULL,
    ann_no      int NOT NULL,
    type        smallint NOT NULL,
    field       smallint NOT NULL,
    field_index int NOT NULL,
    span_start  int NOT NULL,
    span_end    int NOT NULL CHECK (span_end >= span_start),
    kind        text NOT NULL,        -- product id, contact type...
    value       text,                 -- normal form; never of victims' data
    role        text,
    low         double precision,     -- quantity, price
    high        double precision,
    unit        text,
    per_qty     double precision,
    currency    text,
    of_no       int,                  -- ann_no of the product
    rule        int NOT NULL,
    sure        smallint NOT NULL,
    PRIMARY KEY (content_id, post_id, reader, ann_no)
);

-- What is offered. post_id as in annotation: join with post.reading_of.
CREATE TABLE mud.offer (
    content_id uuid NOT NULL,
    post_id    uuid NOT NULL,
    reader     int NOT NULL,
    offer_no   smallint NOT NULL,
    category   smallint NOT NULL,
    direction  smallint NOT NULL,
    product    text NOT NULL,         -- canonical id; '': not named
    low        double precision,      -- quantity; NULL: open or vague
    high       double precision,
    unit       text,
    sure       smallint NOT NULL,
    span_start int,                   -- of the product in the body
    span_end   int,
    PRIMARY KEY (content_id, post_id, reader, offer_no)
);
CREATE TABLE mud.price (
    content_id uuid NOT NULL,
    post_id    uuid NOT NULL,
    reader     int NOT NULL,
    offer_no   smallint NOT NULL,
    price_no   smallint NOT NULL,
    low        double precision,
    high       double precision,
    currency   text NOT NULL,
    per        text NOT NULL,
    per_qty    double precision,
    role       text NOT NULL,
    span_start int NOT NULL,
    span_end   int NOT NULL,
    PRIMARY KEY (content_id, post_id, reader, offer_no, price_no)
);

-- A forum thread, or a group of a chat.
CREATE TABLE mud.thread (
    thread_id  uuid PRIMARY KEY,
    source_id  int NOT NULL REFERENCES mud.source,
    engine     text NOT NULL,
    site       text NOT NULL,
    board      text NOT NULL,
    thread_key text NOT NULL,
    title      text NOT NULL,         -- masked; as seen last
    first_seen timestamptz NOT NULL,
    last_seen  timestamptz NOT NULL
);

-- What was parsed and read out of which capture: written with its last post.
CREATE TABLE mud.capture_parsed (
    capture_id uuid PRIMARY KEY,
    parser     text NOT NULL,
    reader     int NOT NULL,
    posts      bigint NOT NULL,
    notes      jsonb NOT NULL         -- what was skipped or odd, and where
);

-- Search, off the ingest path (graph/README.md): contents that are new, or
-- seen anew, wait in search_pending and are scanned there until search_index
-- puts them into a segment. The documents of a segment are numbered from the
-- one seen last on, so that newest hits are found first; a content that is
-- seen again gets a second, newer place. A posting list holds the numbers of a
-- segment's documents as varints of their differences.
CREATE TABLE mud.search_pending (
    content_id uuid PRIMARY KEY
);
CREATE TABLE mud.search_segment (
    segment int PRIMARY KEY,
    docs    int NOT NULL
);
CREATE TABLE mud.search_ids (         -- 64 documents a row
    segment int NOT NULL,
    chunk   int NOT NULL,
    ids     bytea NOT NULL,           -- content ids, 16 bytes each
    times   bytea NOT NULL,           -- seen last: us since 1970, 8 bytes each
    PRIMARY KEY (segment, chunk)
);
CREATE TABLE mud.search_posting (
    term     text COLLATE "C" NOT NULL,
    segment  int NOT NULL,
    postings bytea NOT NULL,
    PRIMARY KEY (term, segment)
);
