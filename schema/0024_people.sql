-- Who works with this, what each did, and acts that need two persons. Desk
-- tables: one server, triggers allowed. Postgres roles and grants are in
-- schema/roles.sql.

CREATE TABLE mud.person (
    name         text PRIMARY KEY
                 CHECK (name ~ '^[^[:cntrl:][:space:]]+$'
                        AND octet_length(name) <= 127),
    full_name    text NOT NULL DEFAULT '',
    organisation text NOT NULL DEFAULT '',
    email        text NOT NULL DEFAULT '',
    state        text NOT NULL DEFAULT 'active'
                 CHECK (state IN ('active', 'disabled')),
    made_by      text NOT NULL CHECK (made_by <> ''),
    made_at      timestamptz NOT NULL
);

CREATE TABLE mud.person_role (
    name     text NOT NULL REFERENCES mud.person,
    role     text NOT NULL CHECK (role IN ('analyst', 'officer', 'supervisor',
                                           'auditor', 'partner')),
    given_by text NOT NULL CHECK (given_by <> ''),
    given_at timestamptz NOT NULL,
    PRIMARY KEY (name, role)
);

-- Which account of the system is whose: one person each.
CREATE TABLE mud.person_user (
    system_user text PRIMARY KEY CHECK (system_user <> ''),
    name        text NOT NULL REFERENCES mud.person,
    mapped_by   text NOT NULL CHECK (mapped_by <> ''),
    mapped_at   timestamptz NOT NULL
);
CREATE INDEX person_user_name ON mud.person_user (name);

-- argon2id, as libsodium writes it. once: printed when the person was made, good
-- for setting a password until then.
CREATE TABLE mud.person_secret (
    name       text PRIMARY KEY REFERENCES mud.person,
    kind       text NOT NULL CHECK (kind IN ('once', 'password')),
    hash       text NOT NULL CHECK (hash LIKE '$argon2id$%'),
    made_at    timestamptz NOT NULL,
    expires_at timestamptz,
    CHECK (kind <> 'once' OR expires_at IS NOT NULL)
);

-- The role that the server was logged in to; NULL for the owner of the tables.
CREATE FUNCTION mud.login_role() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT substr(session_user, 5)
    WHERE session_user IN ('mud_worker', 'mud_analyst', 'mud_officer',
                           'mud_supervisor', 'mud_auditor', 'mud_partner')
$$;

CREATE FUNCTION mud.person_holds(who text, roles text[]) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM mud.person p JOIN mud.person_role r USING (name)
                   WHERE p.name = who AND p.state = 'active'
                   AND r.role = ANY (roles))
$$;

-- Whether who this login says to act is a person who may use it.
CREATE FUNCTION mud.person_speaks(who text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT CASE mud.login_role()
        WHEN 'worker' THEN EXISTS (SELECT FROM mud.person p
                                   WHERE p.name = who AND p.state = 'active')
        ELSE mud.login_role() IS NULL
             OR mud.person_holds(who, ARRAY[mud.login_role()])
    END
$$;

-- Who acts: the person of that name, or whose account of the system it is. name
-- is NULL when there is none; elsewhere: the person has accounts of the system,
-- and this is none of them; persons: how many there are at all.
CREATE FUNCTION mud.person_enter(as_name text, account text, OUT name text,
    OUT state text, OUT roles text[], OUT elsewhere boolean, OUT persons bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.name, p.state,
           ARRAY(SELECT r.role FROM mud.person_role r WHERE r.name = p.name
                 ORDER BY r.role),
           EXISTS (SELECT FROM mud.person_user u WHERE u.name = p.name)
           AND NOT EXISTS (SELECT FROM mud.person_user u
                           WHERE u.name = p.name AND u.system_user = account),
           (SELECT count(*) FROM mud.person)
    FROM (VALUES (1)) AS one LEFT JOIN mud.person p ON p.name = coalesce(
        as_name, (SELECT u.name FROM mud.person_user u
                  WHERE u.system_user = account))
$$;

-- Who did what. Append-only and chained like the ledger: `line` is one line of
-- JSON with sorted keys whose "prev" is the SHA-256 of the line before (64 zeros
-- in the first); seq counts from 0 without gaps. A line with `of` says how the
-- deed of that line ended.
CREATE TABLE mud.audit (
    seq    bigint PRIMARY KEY CHECK (seq >= 0),
    at     timestamptz NOT NULL,
    who    text NOT NULL,       -- a person; of a refusal: whoever it was
    login  text NOT NULL,       -- role of Postgres that wrote the line
    action text NOT NULL CHECK (action <> ''),
    kind   text NOT NULL,       -- of the object, or the command
    object text NOT NULL,       -- id, query or name
    detail jsonb NOT NULL CHECK (jsonb_typeof(detail) = 'object'),
    reason text,
    of     bigint REFERENCES mud.audit,
    line   text NOT NULL,
    hash   bytea NOT NULL       -- SHA-256 of line
);
CREATE INDEX audit_who ON mud.audit (who, seq);
CREATE INDEX audit_of ON mud.audit (of) WHERE of IS NOT NULL;

CREATE FUNCTION mud.audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$;
CREATE TRIGGER audit_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON mud.audit
    FOR EACH STATEMENT EXECUTE FUNCTION mud.audit_refuse();

-- The only way in: no role may insert. Numbers and times are given under a lock
-- that holds till the end of the transaction; the head is read in a statement of
-- its own, which sees what was committed while the lock was waited for.
CREATE FUNCTION mud.audit_add(who text, action text, kind text, object text,
    detail jsonb, reason text, of bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    head record;
    number bigint;
    now_at timestamptz;
    line text;
BEGIN
    IF NOT mud.person_speaks(who) THEN
        RAISE EXCEPTION '% is not an active person with the role of %', who,
            session_user USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF octet_length(detail::text) + octet_length(object) > 65536
       OR octet_length(coalesce(reason, '')) > 8192 THEN
        RAISE EXCEPTION 'audit line above 64 KiB';
    END IF;
    PERFORM pg_advisory_xact_lock(7104222);
    SELECT a.seq, a.hash, a.at INTO head
        FROM mud.audit a ORDER BY a.seq DESC LIMIT 1;
    number := coalesce(head.seq + 1, 0);
    now_at := greatest(clock_timestamp(), head.at);
    line := '{"action":' || to_json(action)::text
        || ',"detail":' || detail::text || ',"kind":' || to_json(kind)::text
        || ',"login":' || to_json(session_user::text)::text
        || ',"object":' || to_json(object)::text
        || ',"of":' || coalesce(of::text, 'null')
        || ',"prev":"' || coalesce(encode(head.hash, 'hex'), repeat('0', 64))
        || '","reason":' || coalesce(to_json(reason)::text, 'null')
        || ',"seq":' || number::text || ',"ts":"'
        || to_char(now_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || '","who":' || to_json(who)::text || '}';
    INSERT INTO mud.audit VALUES (number, now_at, who, session_user, action, kind,
        object, detail, reason, of, line, sha256(convert_to(line, 'UTF8')));
    RETURN number;
END $$;

-- Acts that take two persons: who may ask, who may decide, and for how long a
-- decision holds. A later step of the schema adds the acts it brings.
CREATE TABLE mud.four_eyes (
    action   text PRIMARY KEY CHECK (action <> ''),
    ask      text[] NOT NULL CHECK (cardinality(ask) > 0),
    decide   text[] NOT NULL CHECK (cardinality(decide) > 0),
    lasts    interval NOT NULL CHECK (lasts > interval '0'),
    once     boolean NOT NULL,      -- good for one act, or until it expires
    en       text NOT NULL,
    zh       text NOT NULL
);
INSERT INTO mud.four_eyes VALUES
('original', '{analyst,officer,supervisor}', '{officer,supervisor}',
 '24 hours', true, 'read the sealed original of a capture',
 '查看存证的封存原件');

-- One request, bound to the SHA-256 of what is asked for, and its decision by
-- another person. detail is what the decider saw, frozen.
CREATE TABLE mud.approval (
    approval_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    action      text NOT NULL REFERENCES mud.four_eyes,
    kind        text NOT NULL,
    object      text NOT NULL,
    digest      bytea NOT NULL CHECK (octet_length(digest) = 32),
    detail      jsonb NOT NULL CHECK (jsonb_typeof(detail) = 'object'),
    reason      text NOT NULL CHECK (reason <> ''),
    asked_by    text NOT NULL REFERENCES mud.person,
    asked_at    timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'asked'
                CHECK (state IN ('asked', 'approved', 'refused')),
    decided_by  text REFERENCES mud.person,
    decided_at  timestamptz,
    expires_at  timestamptz,
    note        text,
    used_at     timestamptz,
    CONSTRAINT two_persons CHECK (asked_by <> decided_by),
    CHECK ((state = 'asked') = (decided_by IS NULL)),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CHECK ((state = 'approved') = (expires_at IS NOT NULL)),
    CHECK (used_at IS NULL OR state = 'approved')
);
CREATE INDEX approval_digest ON mud.approval (action, digest);
CREATE INDEX approval_open ON mud.approval (approval_id) WHERE state = 'asked';

-- What no login may get round: times are the server's, a request is never
-- changed, decided once, by a person with the right role who is logged in by it,
-- and used within its time.
CREATE FUNCTION mud.approval_check() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    act record;
BEGIN
    SELECT * INTO act FROM mud.four_eyes f WHERE f.action = NEW.action;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'asked' OR NEW.used_at IS NOT NULL THEN
            RAISE EXCEPTION 'an approval begins as a request';
        END IF;
        IF NOT mud.person_holds(NEW.asked_by, act.ask)
           OR NOT mud.person_speaks(NEW.asked_by) THEN
            RAISE EXCEPTION '% may not ask for %', NEW.asked_by, NEW.action
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.asked_at := clock_timestamp();
        RETURN NEW;
    END IF;
    IF (NEW.approval_id, NEW.action, NEW.kind, NEW.object, NEW.digest,
        NEW.detail, NEW.reason, NEW.asked_by, NEW.asked_at)
       IS DISTINCT FROM
       (OLD.approval_id, OLD.action, OLD.kind, OLD.object, OLD.digest,
        OLD.detail, OLD.reason, OLD.asked_by, OLD.asked_at) THEN
        RAISE EXCEPTION 'a request is not changed: ask again';
    END IF;
    IF OLD.state = 'asked' THEN
        IF NEW.asked_by = NEW.decided_by THEN
            RAISE EXCEPTION '% asked: another person must decide',
                NEW.asked_by USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.state = 'asked' OR NEW.used_at IS NOT NULL
           OR NOT mud.person_holds(NEW.decided_by, act.decide)
           OR NOT mud.person_speaks(NEW.decided_by)
           OR NOT coalesce(mud.login_role() = ANY (act.decide), true) THEN
            RAISE EXCEPTION '% may not decide on %', NEW.decided_by,
                NEW.action USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.decided_at := clock_timestamp();
        NEW.expires_at := CASE NEW.state WHEN 'approved'
                          THEN NEW.decided_at + act.lasts END;
        RETURN NEW;
    END IF;
    IF (NEW.state, NEW.decided_by, NEW.decided_at, NEW.expires_at, NEW.note)
       IS DISTINCT FROM
       (OLD.state, OLD.decided_by, OLD.decided_at, OLD.expires_at, OLD.note)
       OR OLD.used_at IS NOT NULL OR NEW.used_at IS NULL THEN
        RAISE EXCEPTION 'approval % is decided', OLD.approval_id;
    END IF;
    NEW.used_at := clock_timestamp();
    IF NEW.used_at > OLD.expires_at THEN
        RAISE EXCEPTION 'approval % has expired', OLD.approval_id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approval_check BEFORE INSERT OR UPDATE ON mud.approval
    FOR EACH ROW EXECUTE FUNCTION mud.approval_check();

CREATE FUNCTION mud.approval_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'approvals are kept'; END $$;
CREATE TRIGGER approval_refuse BEFORE DELETE OR TRUNCATE ON mud.approval
    FOR EACH STATEMENT EXECUTE FUNCTION mud.approval_refuse();
