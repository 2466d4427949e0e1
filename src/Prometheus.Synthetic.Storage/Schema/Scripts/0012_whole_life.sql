-- The whole life of a record, and not only its life after the seal: before, a set that had failed or was still open could be
-- made a sealed one past the check of its manifest. And what is stored is what every consumer can read.

-- A comparison with a NULL is NULL, and a check that is NULL passes: IS TRUE refuses it. Readers take shocks[1..H].
-- Not validated: what is stored already is compared by digest, and no migration should read a big table.
ALTER TABLE synthetic.path_shocks
  DROP CONSTRAINT shocks_are_possible,
  ADD CONSTRAINT shocks_are_possible CHECK (
    ('Infinity'::double precision > ALL (shocks)
     AND CASE WHEN driver_no < 1000000 THEN '-1'::double precision ELSE '-Infinity' END < ALL (shocks)) IS TRUE
    AND array_ndims(shocks) = 1 AND array_lower(shocks, 1) = 1
  ) NOT VALID;

-- One record with other types than these would make the view fail for all of them.
ALTER TABLE synthetic.mt_doc_scenario_set
  ADD CONSTRAINT record_is_readable CHECK (
    coalesce(jsonb_typeof(data -> 'tags'), 'array') = 'array'
    AND coalesce(jsonb_typeof(data -> 'markets'), 'array') = 'array'
    AND coalesce((data ->> 'created_at')::timestamptz IS NOT NULL
      AND (data ->> 'base_date_start')::date <= (data ->> 'base_date_end')::date, false)
  ) NOT VALID;

-- Two more answers of a verification: the record itself is what was altered, and a set of a later engine.
ALTER TABLE synthetic.verifications
  DROP CONSTRAINT verifications_outcome_check,
  ADD CONSTRAINT verifications_outcome_check CHECK (outcome IN
    ('VERIFIED', 'STORED_ROWS_DIFFER', 'RECORD_DAMAGED', 'NOT_REPRODUCED', 'OLDER_NUMERICS', 'NEWER_NUMERICS',
     'SNAPSHOT_DAMAGED')) NOT VALID;

-- Rows come to a set that is generating or evicted (rehydration), drivers and shards to one that is generating alone: of an
-- evicted set they are part of the record.
CREATE OR REPLACE FUNCTION synthetic.guard_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE bad uuid;
BEGIN
  SELECT n.scenario_set_id INTO bad
  FROM (SELECT DISTINCT scenario_set_id FROM incoming) n
  LEFT JOIN synthetic.mt_doc_scenario_set s ON s.id = n.scenario_set_id
  WHERE s.id IS NULL OR NOT (s.data ->> 'status' = 'Generating'
    OR (s.data ->> 'status' = 'Evicted' AND TG_TABLE_NAME NOT IN ('set_drivers', 'shards')))
  LIMIT 1;
  IF bad IS NOT NULL THEN
    RAISE EXCEPTION 'scenario set % is not open: nothing can be added to it', bad USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;

-- As that, and in one pass over what came, which is cheaper than looking for the different sets in it: rows of one set, as
-- many steps as it has days, no path beyond its last.
CREATE FUNCTION synthetic.guard_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  one uuid;
  state text;
  horizon integer;
  paths integer;
  bad record;
BEGIN
  SELECT scenario_set_id INTO one FROM incoming LIMIT 1;
  IF one IS NULL THEN
    RETURN NULL;
  END IF;
  SELECT data ->> 'status', (data ->> 'horizon_days')::integer, (data ->> 'num_paths')::integer INTO state, horizon, paths
  FROM synthetic.mt_doc_scenario_set WHERE id = one;
  IF coalesce(state, '') NOT IN ('Generating', 'Evicted') THEN
    RAISE EXCEPTION 'scenario set % is not open: nothing can be added to it', one USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT scenario_set_id, scenario_id, cardinality(shocks) AS steps INTO bad FROM incoming
  WHERE scenario_set_id <> one OR cardinality(shocks) <> horizon OR scenario_id >= paths LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF bad.scenario_set_id <> one THEN
    RAISE EXCEPTION 'rows of scenario sets % and % came at once: one set at a time', one, bad.scenario_set_id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RAISE EXCEPTION 'scenario set % of % paths and % steps has no row of path % with % steps', one, paths, horizon,
    bad.scenario_id, bad.steps USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER only_into_open_sets ON synthetic.path_shocks;
CREATE TRIGGER only_into_open_sets AFTER INSERT ON synthetic.path_shocks
  REFERENCING NEW TABLE AS incoming FOR EACH STATEMENT EXECUTE FUNCTION synthetic.guard_rows();

-- As before; and the rows of an open set go only together with the manifest that says that they are there.
CREATE OR REPLACE FUNCTION synthetic.remove_paths(set_id uuid, with_manifest boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE state text;
BEGIN
  SELECT data ->> 'status' INTO state FROM synthetic.mt_doc_scenario_set WHERE id = set_id;
  IF state = 'Sealed' THEN
    RAISE EXCEPTION 'scenario set % is sealed: evict or delete it first', set_id USING ERRCODE = 'restrict_violation';
  END IF;
  IF with_manifest AND state NOT IN ('Generating', 'Failed', 'Cancelled') THEN
    RAISE EXCEPTION 'the manifest and drivers of scenario set % are part of its record', set_id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT with_manifest AND state = 'Generating' THEN
    RAISE EXCEPTION 'scenario set % is open: its rows go with its manifest', set_id USING ERRCODE = 'restrict_violation';
  END IF;
  DELETE FROM synthetic.path_shocks WHERE scenario_set_id = set_id;
  DELETE FROM synthetic.path_annotations WHERE scenario_set_id = set_id;
  DELETE FROM synthetic.cell_marks WHERE scenario_set_id = set_id;
  IF with_manifest THEN
    DELETE FROM synthetic.shards WHERE scenario_set_id = set_id;
    DELETE FROM synthetic.set_drivers WHERE scenario_set_id = set_id;
  END IF;
END $$;

-- It reads with its owner's rights what is known of any set's cells, sealed or not. Since 0010 no view needs it.
REVOKE EXECUTE ON FUNCTION synthetic.shock_metadata(uuid, integer, integer, integer) FROM PUBLIC;

-- A lineage counts up, and points to a record that there is. No foreign key: it would lock the record pointed to, while
-- somebody else who holds that one waits for the lineage.
CREATE FUNCTION synthetic.guard_lineage() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.current_version < OLD.current_version OR NEW.name <> OLD.name) THEN
    RAISE EXCEPTION 'lineage % is at version %: versions never count back', OLD.name, OLD.current_version
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.current_set_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM synthetic.mt_doc_scenario_set WHERE id = NEW.current_set_id) THEN
    RAISE EXCEPTION 'lineage % cannot point to %: there is no such set', NEW.name, NEW.current_set_id
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON synthetic.lineages
  FOR EACH ROW EXECUTE FUNCTION synthetic.guard_lineage();

-- As before (0008), and in addition: every change of state is one that a set's life has; a sealed record keeps its spelling (1
-- and 1.0 are equal as JSON and not to everybody who reads them); a set is not sealed without what it was calibrated on.
CREATE OR REPLACE FUNCTION synthetic.guard_scenario_set() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  rows_wanted bigint;
  rows_found bigint;
  sealed_content bytea;
  stranger text;
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.data ->> 'status' IN ('Sealed', 'Evicted', 'Deleted') THEN
      RAISE EXCEPTION 'scenario set % is sealed: its record is kept for ever', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF (OLD.data ->> 'status', NEW.data ->> 'status') NOT IN
     (('Generating', 'Generating'), ('Generating', 'Sealed'), ('Generating', 'Failed'), ('Generating', 'Cancelled'),
      ('Failed', 'Failed'), ('Cancelled', 'Cancelled'),
      ('Sealed', 'Sealed'), ('Sealed', 'Evicted'), ('Evicted', 'Evicted'), ('Evicted', 'Sealed'),
      ('Sealed', 'Deleted'), ('Evicted', 'Deleted'), ('Deleted', 'Deleted')) THEN
    RAISE EXCEPTION 'scenario set % cannot go from % to %', OLD.id, OLD.data ->> 'status', NEW.data ->> 'status'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.data ->> 'status' IN ('Sealed', 'Evicted', 'Deleted')
     AND (NEW.id <> OLD.id OR (NEW.data - 'status')::text <> (OLD.data - 'status')::text) THEN
    RAISE EXCEPTION 'scenario set % is sealed: its record cannot change', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.data ->> 'status' = 'Sealed' AND NEW.data ->> 'status' = 'Evicted'
     AND NOT EXISTS (SELECT 1 FROM synthetic.evicted_contents WHERE scenario_set_id = NEW.id) THEN
    INSERT INTO synthetic.evicted_contents VALUES (NEW.id, synthetic.content_fingerprint(NEW.id), now());
  END IF;
  IF OLD.data ->> 'status' = 'Evicted' AND NEW.data ->> 'status' = 'Sealed' THEN
    SELECT count(*) * (NEW.data ->> 'num_paths')::bigint INTO rows_wanted
    FROM synthetic.set_drivers WHERE scenario_set_id = NEW.id;
    SELECT count(*) INTO rows_found FROM synthetic.path_shocks WHERE scenario_set_id = NEW.id;
    IF rows_found <> rows_wanted THEN
      RAISE EXCEPTION 'scenario set % is not whole: % of % rows are back', NEW.id, rows_found, rows_wanted
        USING ERRCODE = 'restrict_violation';
    END IF;
    -- None for a set that a schema before 0008 evicted: the engine's comparison with the manifest alone guards its first return.
    SELECT fingerprint INTO sealed_content FROM synthetic.evicted_contents WHERE scenario_set_id = NEW.id;
    IF sealed_content <> synthetic.content_fingerprint(NEW.id) THEN
      RAISE EXCEPTION 'scenario set % was sealed with other content than what is back', NEW.id
        USING ERRCODE = 'restrict_violation', HINT = 'docs/runbooks/eviction.md';
    END IF;
  END IF;
  IF OLD.data ->> 'status' = 'Generating' AND NEW.data ->> 'status' = 'Sealed' THEN
    -- Shards that are disjoint (no two begin alike, none reaches into the next) and add up.
    SELECT coalesce(sum(path_count) FILTER (WHERE first_path = expected), 0) INTO rows_found
    FROM (SELECT first_path, path_count,
            coalesce(sum(path_count) OVER (ORDER BY first_path ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS expected
          FROM synthetic.shards WHERE scenario_set_id = NEW.id) s;
    IF rows_found <> (NEW.data ->> 'num_paths')::bigint THEN
      RAISE EXCEPTION 'scenario set % is not whole: its manifest has % of % paths', NEW.id, rows_found, NEW.data ->> 'num_paths'
        USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM synthetic.calibration_snapshots WHERE snapshot_hash = NEW.data ->> 'snapshot_hash') THEN
      RAISE EXCEPTION 'scenario set % was calibrated on snapshot %, which is not stored', NEW.id, NEW.data ->> 'snapshot_hash'
        USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF to_regclass(':contract.instruments') IS NOT NULL THEN
      EXECUTE 'SELECT d.instrument_id FROM synthetic.set_drivers d
        LEFT JOIN :contract.instruments i ON i.instrument_id = d.instrument_id
        WHERE d.scenario_set_id = $1 AND d.instrument_id IS NOT NULL AND i.instrument_id IS NULL LIMIT 1'
        INTO stranger USING NEW.id;
      IF stranger IS NOT NULL THEN
        RAISE EXCEPTION 'scenario set % has instrument %, which is not in instruments', NEW.id, stranger
          USING ERRCODE = 'foreign_key_violation';
      END IF;
    END IF;
  END IF;
  RETURN NEW;
END $$;
