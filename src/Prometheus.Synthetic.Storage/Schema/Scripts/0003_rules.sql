-- Rules that hold whoever writes: the record's ranges, the defensive marking, the immutability of what is sealed, an
-- append-only audit trail, and three roles of least privilege (what they may do: Schema/Grants.sql).

-- A check that comes out NULL passes, so each comes out false where a member is absent.
ALTER TABLE synthetic.mt_doc_scenario_set
  ADD CONSTRAINT category_is_known CHECK (coalesce(data ->> 'category', '') IN
    ('HISTORICAL', 'BOOTSTRAP', 'FACTOR_BOOTSTRAP', 'SHOCK_OVERLAY', 'FRAGILITY_ADVERSARIAL', 'REGULATORY', 'CUSTOM')),
  ADD CONSTRAINT status_is_known CHECK (coalesce(data ->> 'status', '') IN
    ('Generating', 'Sealed', 'Evicted', 'Deleted', 'Failed', 'Cancelled')),
  ADD CONSTRAINT name_is_given CHECK (coalesce(data ->> 'name', '') <> ''),
  ADD CONSTRAINT horizon_in_range CHECK (coalesce((data ->> 'horizon_days')::integer, 0) BETWEEN 1 AND 60),
  ADD CONSTRAINT paths_are_counted CHECK (coalesce((data ->> 'num_paths')::integer, 0) >= 1),
  ADD CONSTRAINT dates_are_ordered CHECK (coalesce(
    (data ->> 'base_date_start') <= (data ->> 'base_date_end') AND (data ->> 'base_date_end') <= (data ->> 'as_of_date'),
    false)),
  ADD CONSTRAINT adversarial_is_marked_defensive CHECK (
    data ->> 'category' <> 'FRAGILITY_ADVERSARIAL'
    OR coalesce((data ->> 'defensive_test')::boolean AND data -> 'tags' ? 'DEFENSIVE_TEST', false)),
  ADD CONSTRAINT sealed_has_hash_and_version CHECK (
    data ->> 'status' NOT IN ('Sealed', 'Evicted', 'Deleted')
    OR coalesce(
      data ->> 'content_hash' ~ '^sha256:[0-9a-f]{64}$' AND (data ->> 'version')::integer >= 1, false));

CREATE UNIQUE INDEX scenario_set_lineage_version
  ON synthetic.mt_doc_scenario_set ((data ->> 'name'), ((data ->> 'version')::integer))
  WHERE (data ->> 'version')::integer > 0;
CREATE UNIQUE INDEX scenario_set_request_attempt
  ON synthetic.mt_doc_scenario_set ((data ->> 'request_id'), ((data ->> 'attempt')::integer));

-- A sealed record changes in nothing but its status, and that only along its life.
CREATE FUNCTION synthetic.guard_scenario_set() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.data ->> 'status' IN ('Sealed', 'Evicted', 'Deleted') THEN
      RAISE EXCEPTION 'scenario set % is sealed: its record is kept for ever', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.data ->> 'status' IN ('Sealed', 'Evicted', 'Deleted') THEN
    IF NEW.id <> OLD.id OR NEW.data - 'status' <> OLD.data - 'status' THEN
      RAISE EXCEPTION 'scenario set % is sealed: its record cannot change', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.data ->> 'status', NEW.data ->> 'status') NOT IN
       (('Sealed', 'Sealed'), ('Sealed', 'Evicted'), ('Evicted', 'Evicted'), ('Evicted', 'Sealed'),
        ('Sealed', 'Deleted'), ('Evicted', 'Deleted'), ('Deleted', 'Deleted')) THEN
      RAISE EXCEPTION 'scenario set % cannot go from % to %', OLD.id, OLD.data ->> 'status', NEW.data ->> 'status'
        USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON synthetic.mt_doc_scenario_set
  FOR EACH ROW EXECUTE FUNCTION synthetic.guard_scenario_set();

CREATE FUNCTION synthetic.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on %.% is not allowed: its rows never change', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

-- Rows come only to a set that is generating (or being rehydrated, which writes under the function below).
CREATE FUNCTION synthetic.guard_insert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE bad uuid;
BEGIN
  SELECT n.scenario_set_id INTO bad
  FROM (SELECT DISTINCT scenario_set_id FROM incoming) n
  LEFT JOIN synthetic.mt_doc_scenario_set s ON s.id = n.scenario_set_id
  WHERE s.id IS NULL OR s.data ->> 'status' NOT IN ('Generating', 'Evicted')
  LIMIT 1;
  IF bad IS NOT NULL THEN
    RAISE EXCEPTION 'scenario set % is not open: nothing can be added to it', bad USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;

DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['path_shocks', 'path_annotations', 'cell_marks', 'set_drivers', 'shards'] LOOP
    EXECUTE format('CREATE TRIGGER never_updated BEFORE UPDATE OR TRUNCATE ON synthetic.%I
      FOR EACH STATEMENT EXECUTE FUNCTION synthetic.refuse_change()', relation);
    EXECUTE format('CREATE TRIGGER only_into_open_sets AFTER INSERT ON synthetic.%I
      REFERENCING NEW TABLE AS incoming FOR EACH STATEMENT EXECUTE FUNCTION synthetic.guard_insert()', relation);
  END LOOP;
END $$;

-- Removing paths is a function with a check, because the roles may not delete.
CREATE FUNCTION synthetic.remove_paths(set_id uuid, with_manifest boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE state text;
BEGIN
  SELECT data ->> 'status' INTO state FROM synthetic.mt_doc_scenario_set WHERE id = set_id;
  IF state = 'Sealed' THEN
    RAISE EXCEPTION 'scenario set % is sealed: evict or delete it first', set_id USING ERRCODE = 'restrict_violation';
  END IF;
  DELETE FROM synthetic.path_shocks WHERE scenario_set_id = set_id;
  DELETE FROM synthetic.path_annotations WHERE scenario_set_id = set_id;
  DELETE FROM synthetic.cell_marks WHERE scenario_set_id = set_id;
  IF with_manifest THEN
    IF state NOT IN ('Generating', 'Failed', 'Cancelled') THEN
      RAISE EXCEPTION 'the manifest and drivers of scenario set % are part of its record', set_id USING ERRCODE = 'restrict_violation';
    END IF;
    DELETE FROM synthetic.shards WHERE scenario_set_id = set_id;
    DELETE FROM synthetic.set_drivers WHERE scenario_set_id = set_id;
  END IF;
END $$;

-- Functions are everybody's by default; this one deletes.
REVOKE EXECUTE ON FUNCTION synthetic.remove_paths(uuid, boolean) FROM PUBLIC;

-- Who did what to which set, when, why, and because of which message. Only ever added to.
CREATE TABLE synthetic.audit_trail (
  entry           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at              timestamptz NOT NULL,
  actor           text NOT NULL CHECK (actor <> ''),
  action          text NOT NULL CHECK (action ~ '^[A-Z_]+$'),
  scenario_set_id uuid,
  reason          text,
  message_id      uuid,
  engine_version  text NOT NULL,
  details         jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(details) = 'object')
);
CREATE INDEX audit_trail_set ON synthetic.audit_trail (scenario_set_id, entry);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON synthetic.audit_trail
  FOR EACH STATEMENT EXECUTE FUNCTION synthetic.refuse_change();

-- Roles are of the cluster, not of the database: an installation whose migrator may not create them gets them from its
-- administrator and migrates without.
DO $$
DECLARE role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['synthetic_owner', 'synthetic_writer', 'synthetic_reader'] LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = role) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', role);
      EXCEPTION
        WHEN insufficient_privilege THEN RAISE NOTICE 'role % was not created: no right to', role;
        WHEN duplicate_object OR unique_violation THEN NULL; -- another database's migration was faster
      END;
    END IF;
  END LOOP;
END $$;
