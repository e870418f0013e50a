-- Actors as they are now: a computation writes what has changed alone, and what
-- changed for a node stays in actor_change. run_id: the run that wrote the row.
DELETE FROM mud.actor_member
WHERE run_id < (SELECT max(run_id) FROM mud.actor_run);
DELETE FROM mud.actor WHERE run_id < (SELECT max(run_id) FROM mud.actor_run);
ALTER TABLE mud.actor_member DROP CONSTRAINT actor_member_pkey;
ALTER TABLE mud.actor_member ADD PRIMARY KEY (entity_id);
DROP INDEX mud.actor_member_by_actor;
CREATE INDEX actor_member_by_actor ON mud.actor_member (actor_id);
ALTER TABLE mud.actor DROP CONSTRAINT actor_pkey;
ALTER TABLE mud.actor ADD PRIMARY KEY (actor_id);
DROP INDEX mud.actor_by_score;
CREATE INDEX actor_by_score ON mud.actor (score DESC, actor_id);
-- A digest of the summary as it was written.
ALTER TABLE mud.actor ADD COLUMN print uuid;
ALTER TABLE mud.stage_actor ADD COLUMN print uuid;

-- Members that changed. actor_id NULL: it is none any more; told: the change is
-- worth a row of actor_change.
CREATE TABLE mud.stage_member (
    entity_id uuid, actor_id uuid, via uuid, via_kind smallint, was uuid,
    told boolean);

CREATE OR REPLACE FUNCTION mud.stage_actors() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['actor', 'member', 'bond', 'want', 'proof',
        'loose']
    LOOP
        EXECUTE format('CREATE TEMP TABLE IF NOT EXISTS stage_%s '
            '(LIKE mud.stage_%s) ON COMMIT DELETE ROWS', name, name);
    END LOOP;
END $$;
