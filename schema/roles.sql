-- Who may do what to which table: applied after every step of the schema and
-- whenever this file changed, by whoever owns the tables (store/roles.h). What is
-- not granted here is denied. Each table is named here; a test finds one that is
-- not. Postgres roles belong to the whole server, grants to this database.
--
-- mud_owner owns all and logs in nowhere. mud_worker is for services and for
-- commands that run the pipeline; the others are for what persons read and
-- decide. No role is a member of another one and none is switched to.

DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['owner NOLOGIN', 'worker LOGIN',
        'analyst LOGIN', 'officer LOGIN', 'supervisor LOGIN', 'auditor LOGIN',
        'partner LOGIN']
    LOOP
        IF to_regrole('mud_' || split_part(role, ' ', 1)) IS NULL THEN
            BEGIN
                EXECUTE 'CREATE ROLE mud_' || role;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- by another database of this server, just now
            END;
        END IF;
    END LOOP;
    IF NOT pg_has_role(current_user, 'mud_owner', 'MEMBER') THEN
        EXECUTE format('GRANT mud_owner TO %I', current_user);
    END IF;
    IF NOT has_database_privilege('mud_owner', current_database(), 'CREATE') THEN
        EXECUTE format('GRANT CREATE ON DATABASE %I TO mud_owner',
                       current_database());
    END IF;
END $$;

DO $$
DECLARE
    thing record;
BEGIN
    -- Whoever owned all so far goes on to migrate: an administrator may run this.
    FOR thing IN SELECT nspowner AS oid, nspowner::regrole AS name
        FROM pg_namespace
        WHERE nspname = 'mud' AND nspowner <> 'mud_owner'::regrole
    LOOP
        IF NOT pg_has_role(thing.oid, 'mud_owner', 'MEMBER') THEN
            EXECUTE format('GRANT mud_owner TO %s', thing.name);
        END IF;
        ALTER SCHEMA mud OWNER TO mud_owner;
    END LOOP;
    FOR thing IN SELECT oid::regclass AS name FROM pg_class
        WHERE relnamespace = 'mud'::regnamespace AND relkind IN ('r', 'p', 'v')
        AND relowner <> 'mud_owner'::regrole
    LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO mud_owner', thing.name);
    END LOOP;
    FOR thing IN SELECT oid::regprocedure AS name FROM pg_proc
        WHERE pronamespace = 'mud'::regnamespace
        AND proowner <> 'mud_owner'::regrole
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO mud_owner', thing.name);
    END LOOP;
END $$;

REVOKE ALL ON SCHEMA mud FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA mud FROM PUBLIC, mud_worker, mud_analyst,
    mud_officer, mud_supervisor, mud_auditor, mud_partner;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA mud FROM PUBLIC, mud_worker, mud_analyst,
    mud_officer, mud_supervisor, mud_auditor, mud_partner;
GRANT USAGE ON SCHEMA mud TO mud_worker, mud_analyst, mud_officer,
    mud_supervisor, mud_auditor, mud_partner;

-- All: who one is, and the audit's only way in. A partner has nothing else.
GRANT EXECUTE ON FUNCTION mud.login_role(), mud.person_enter(text, text),
    mud.audit_add(text, text, text, text, jsonb, text, bigint)
    TO mud_worker, mud_analyst, mud_officer, mud_supervisor, mud_auditor,
    mud_partner;
GRANT SELECT ON mud.schema_migration, mud.code TO mud_worker, mud_analyst,
    mud_officer, mud_supervisor, mud_auditor, mud_partner;

-- People. The auditor and the supervisor see who there is; the supervisor
-- changes it. Nobody but the owner of the tables reads a secret.
GRANT SELECT ON mud.person, mud.person_role, mud.person_user
    TO mud_supervisor, mud_auditor;
GRANT INSERT ON mud.person TO mud_supervisor;
GRANT UPDATE (full_name, organisation, email, state) ON mud.person
    TO mud_supervisor;
GRANT INSERT, DELETE ON mud.person_role TO mud_supervisor;
GRANT INSERT, DELETE ON mud.person_user TO mud_supervisor;
GRANT INSERT, DELETE ON mud.person_secret TO mud_supervisor;
GRANT SELECT (name, kind, made_at, expires_at) ON mud.person_secret
    TO mud_supervisor;

-- Audit: read by the auditor and the supervisor, written by mud.audit_add alone.
GRANT SELECT ON mud.audit TO mud_supervisor, mud_auditor;

-- Four eyes: the trigger on the table says who may ask and decide for what.
GRANT SELECT ON mud.four_eyes, mud.approval
    TO mud_worker, mud_analyst, mud_officer, mud_supervisor, mud_auditor;
GRANT INSERT (action, kind, object, digest, detail, reason, asked_by, asked_at)
    ON mud.approval TO mud_analyst, mud_officer, mud_supervisor;
GRANT UPDATE (state, decided_by, decided_at, note) ON mud.approval
    TO mud_officer, mud_supervisor;
GRANT UPDATE (used_at) ON mud.approval
    TO mud_worker, mud_analyst, mud_officer, mud_supervisor;

-- Evidence: read and added, never changed. Files grow until they are closed.
GRANT SELECT ON mud.capture, mud.ledger, mud.anchor, mud.anchor_voucher,
    mud.anchor_stamping, mud.warc_file, mud.witness, mud.shot
    TO mud_worker, mud_analyst, mud_officer, mud_supervisor, mud_auditor;
GRANT INSERT ON mud.capture, mud.ledger, mud.anchor, mud.anchor_voucher,
    mud.witness, mud.shot
    TO mud_worker;
GRANT INSERT, UPDATE ON mud.warc_file, mud.anchor_stamping TO mud_worker;
GRANT UPDATE (path) ON mud.shot TO mud_worker; -- its file was purged
GRANT EXECUTE ON FUNCTION mud.ledger_head(), mud.ledger_check(),
    mud.ledger_refuse() TO mud_worker;

-- How originals are sealed (evidence/keys.h): data keys are closed with a key
-- that is not in the database. Supervisors set how long they are kept.
GRANT SELECT ON mud.seal_key, mud.seal_kept, mud.capture_seal, mud.retention
    TO mud_worker, mud_analyst, mud_officer, mud_supervisor, mud_auditor;
GRANT INSERT, UPDATE ON mud.seal_key, mud.capture_seal TO mud_worker;
GRANT INSERT, UPDATE, DELETE ON mud.seal_kept TO mud_worker;
GRANT INSERT, UPDATE, DELETE ON mud.retention TO mud_worker, mud_supervisor;
-- What must not be purged: set by who works on it, released by the supervisor.
GRANT SELECT ON mud.hold, mud.hold_capture, mud.hold_node
    TO mud_worker, mud_analyst, mud_officer, mud_supervisor, mud_auditor;
GRANT INSERT ON mud.hold, mud.hold_capture, mud.hold_node
    TO mud_worker, mud_officer, mud_supervisor;
GRANT UPDATE (released_by, released_at, released_why) ON mud.hold
    TO mud_worker, mud_supervisor;
GRANT EXECUTE ON FUNCTION mud.retention_of(text),
    mud.capture_held(uuid, int, timestamptz, timestamptz)
    TO mud_worker, mud_analyst, mud_officer, mud_supervisor, mud_auditor;

-- What is derived from captures: made and made again by the worker, read by
-- those who work with it.
GRANT SELECT ON mud.content, mud.post, mud.part, mud.annotation, mud.offer,
    mud.price, mud.thread, mud.capture_parsed, mud.reader, mud.rule,
    mud.entity, mud.claim, mud.claim_evidence, mud.actor_run, mud.actor_member,
    mud.actor, mud.search_pending, mud.search_segment, mud.search_ids,
    mud.search_posting, mud.template, mud.template_run, mud.tally, mud.stated,
    mud.gone, mud.name, mud.image, mud.picture, mud.bond, mud.loose,
    mud.actor_change
    TO mud_worker, mud_analyst, mud_officer, mud_supervisor;
GRANT INSERT, UPDATE, DELETE, TRUNCATE ON mud.content, mud.post, mud.part,
    mud.annotation, mud.offer, mud.price, mud.thread, mud.capture_parsed,
    mud.reader, mud.rule, mud.entity, mud.claim, mud.claim_evidence,
    mud.actor_run, mud.actor_member, mud.actor, mud.search_pending,
    mud.search_segment, mud.search_ids, mud.search_posting, mud.template,
    mud.template_run, mud.tally, mud.stated, mud.gone, mud.name, mud.image,
    mud.picture, mud.bond, mud.loose TO mud_worker;
-- Kept over rebuilds: what people decided, and where nodes came to.
GRANT INSERT ON mud.actor_change TO mud_worker;
GRANT SELECT ON mud.verdict
    TO mud_worker, mud_analyst, mud_officer, mud_supervisor, mud_auditor;
GRANT INSERT ON mud.verdict TO mud_analyst, mud_officer, mud_supervisor;
-- What a rebuild is compared with.
GRANT SELECT, INSERT, DELETE ON mud.rebuild_fact TO mud_worker;
-- Forms of temporary tables: they hold no rows.
GRANT SELECT ON mud.stage_content, mud.stage_post, mud.stage_part,
    mud.stage_annotation, mud.stage_offer, mud.stage_price, mud.stage_thread,
    mud.stage_entity, mud.stage_claim, mud.stage_evidence, mud.stage_new,
    mud.stage_won, mud.stage_actor, mud.stage_similar, mud.stage_name,
    mud.stage_bond, mud.stage_member, mud.stage_want, mud.stage_proof, mud.stage_loose
    TO mud_worker;
GRANT EXECUTE ON FUNCTION mud.stage(), mud.stage_actors(), mud.stage_similars(),
    mud.graph_clear() TO mud_worker;
GRANT EXECUTE ON FUNCTION mud.thread_gaps(int)
    TO mud_worker, mud_analyst, mud_officer, mud_supervisor;

-- Sources and how they are read: all who work with the material see them;
-- analysts and supervisors change them, accounts only the supervisor.
GRANT SELECT ON mud.source, mud.source_change, mud.candidate, mud.coverage,
    mud.cursor, mud.drift, mud.frontier, mud.health, mud.job, mud.outcome,
    mud.pace, mud.setting, mud.wall, mud.worker, mud.account
    TO mud_worker, mud_analyst, mud_officer, mud_supervisor, mud_auditor;
GRANT INSERT, UPDATE, DELETE ON mud.source, mud.source_change, mud.candidate,
    mud.coverage, mud.cursor, mud.drift, mud.frontier, mud.health, mud.job,
    mud.outcome, mud.pace, mud.setting, mud.wall, mud.worker, mud.account
    TO mud_worker;
GRANT DELETE ON mud.outcome TO mud_analyst, mud_supervisor;
GRANT INSERT, UPDATE, DELETE ON mud.source, mud.candidate, mud.health,
    mud.job, mud.wall TO mud_analyst, mud_supervisor;
GRANT INSERT ON mud.source_change TO mud_analyst, mud_supervisor;
GRANT INSERT, UPDATE, DELETE ON mud.account TO mud_supervisor;

-- Saved searches: matched by the worker; made, and their hits decided on, by those
-- who work with the material.
GRANT SELECT ON mud.alert, mud.alert_hit, mud.alert_post, mud.alert_waiting
    TO mud_worker, mud_analyst, mud_officer, mud_supervisor;
GRANT UPDATE (trouble, delivered) ON mud.alert TO mud_worker;
GRANT INSERT ON mud.alert_hit, mud.alert_post TO mud_worker;
GRANT INSERT, DELETE ON mud.alert_waiting TO mud_worker;
GRANT INSERT, DELETE, UPDATE ON mud.alert
    TO mud_analyst, mud_officer, mud_supervisor;
GRANT UPDATE (state, state_by, state_at, note) ON mud.alert_hit
    TO mud_analyst, mud_officer, mud_supervisor;

-- The lexicon: those who read texts add to it; what was is kept.
GRANT SELECT ON mud.lexicon_entry, mud.lexicon_history, mud.lexicon_refused,
    mud.lexicon_mirror TO mud_worker, mud_analyst, mud_officer, mud_supervisor,
    mud_auditor;
GRANT INSERT, UPDATE, DELETE ON mud.lexicon_entry, mud.lexicon_refused,
    mud.lexicon_mirror TO mud_analyst, mud_officer, mud_supervisor;
GRANT INSERT ON mud.lexicon_history TO mud_analyst, mud_officer,
    mud_supervisor;
GRANT INSERT, UPDATE, DELETE ON mud.lexicon_mirror TO mud_worker;
