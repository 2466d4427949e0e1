-- What happens to a set after its seal. The sealed record never changes, so tags given later, verifications and
-- retention rules have tables of their own.

CREATE TABLE synthetic.set_tags (
  scenario_set_id uuid NOT NULL REFERENCES synthetic.mt_doc_scenario_set (id),
  tag             text NOT NULL CHECK (char_length(tag) BETWEEN 1 AND 100),
  given_at        timestamptz NOT NULL,
  given_by        text NOT NULL CHECK (given_by <> ''),
  PRIMARY KEY (scenario_set_id, tag)
);

-- One row per verification, for ever.
CREATE TABLE synthetic.verifications (
  verification     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  scenario_set_id  uuid NOT NULL REFERENCES synthetic.mt_doc_scenario_set (id),
  verified_at      timestamptz NOT NULL,
  verified_by      text NOT NULL CHECK (verified_by <> ''),
  engine_version   text NOT NULL,
  numeric_version  integer NOT NULL CHECK (numeric_version >= 1),
  outcome          text NOT NULL CHECK (outcome IN
    ('VERIFIED', 'STORED_ROWS_DIFFER', 'NOT_REPRODUCED', 'OLDER_NUMERICS', 'SNAPSHOT_DAMAGED')),
  recorded_hash    text NOT NULL,
  fresh_hash       text,
  stored_hash      text,
  first_difference jsonb CHECK (jsonb_typeof(first_difference) = 'object'),
  seconds          double precision NOT NULL CHECK (seconds >= 0)
);
CREATE INDEX verifications_set ON synthetic.verifications (scenario_set_id, verification DESC);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON synthetic.verifications
  FOR EACH STATEMENT EXECUTE FUNCTION synthetic.refuse_change();

-- A set is kept when any rule of the policy that fits its lineage best keeps it; otherwise its paths are evicted.
CREATE TABLE synthetic.retention_policies (
  lineage   text PRIMARY KEY CHECK (lineage <> ''), -- a name, or a beginning followed by *
  keep_last integer CHECK (keep_last >= 0),
  keep_tags text[] NOT NULL DEFAULT '{}',
  keep_days integer CHECK (keep_days >= 0),
  set_at    timestamptz NOT NULL,
  set_by    text NOT NULL CHECK (set_by <> ''),
  reason    text NOT NULL CHECK (reason <> ''),
  CHECK (keep_last IS NOT NULL OR keep_days IS NOT NULL OR cardinality(keep_tags) > 0)
);

-- Evicting a big set kills a million rows at once: vacuum by what died, not by a share of the whole table.
ALTER TABLE synthetic.path_shocks SET
  (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_insert_scale_factor = 0.05);

-- As before, and in addition: every instrument of a set that is sealed is one that the platform knows (where its table
-- is in this database), and a set comes back from eviction whole.
CREATE OR REPLACE FUNCTION synthetic.guard_scenario_set() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  rows_wanted bigint;
  rows_found bigint;
  stranger text;
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
  IF OLD.data ->> 'status' = 'Evicted' AND NEW.data ->> 'status' = 'Sealed' THEN
    SELECT count(*) * (NEW.data ->> 'num_paths')::bigint INTO rows_wanted
    FROM synthetic.set_drivers WHERE scenario_set_id = NEW.id;
    SELECT count(*) INTO rows_found FROM synthetic.path_shocks WHERE scenario_set_id = NEW.id;
    IF rows_found <> rows_wanted THEN
      RAISE EXCEPTION 'scenario set % is not whole: % of % rows are back', NEW.id, rows_found, rows_wanted
        USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  IF OLD.data ->> 'status' = 'Generating' AND NEW.data ->> 'status' = 'Sealed'
     AND to_regclass(':contract.instruments') IS NOT NULL THEN
    EXECUTE 'SELECT d.instrument_id FROM synthetic.set_drivers d
      LEFT JOIN :contract.instruments i ON i.instrument_id = d.instrument_id
      WHERE d.scenario_set_id = $1 AND d.instrument_id IS NOT NULL AND i.instrument_id IS NULL LIMIT 1'
      INTO stranger USING NEW.id;
    IF stranger IS NOT NULL THEN
      RAISE EXCEPTION 'scenario set % has instrument %, which is not in instruments', NEW.id, stranger
        USING ERRCODE = 'foreign_key_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;

-- Tags given later count like those given with the request. metadata gains the units of the macro series, whether the
-- set is the current one of its lineage, and when it was last verified.
CREATE OR REPLACE VIEW :contract.scenario_sets AS
SELECT
  s.id AS scenario_set_id,
  s.data ->> 'name' AS name,
  s.data ->> 'description' AS description,
  s.data ->> 'category' AS category,
  (s.data ->> 'horizon_days')::integer AS horizon_days,
  (s.data ->> 'num_paths')::integer AS num_paths,
  coalesce(nullif(s.data -> 'universe_filter', 'null'), '{}') AS base_universe_filter,
  daterange((s.data ->> 'base_date_start')::date, (s.data ->> 'base_date_end')::date, '[]') AS base_date_range,
  CASE WHEN jsonb_typeof(s.data -> 'regime_filter') = 'array'
    THEN ARRAY(SELECT jsonb_array_elements_text(s.data -> 'regime_filter')) END AS regime_filter,
  coalesce(nullif(s.data -> 'generator_spec', 'null'), '{}') AS generator_spec,
  (s.data ->> 'created_at')::timestamptz AS created_at,
  s.data ->> 'created_by' AS created_by,
  ARRAY(SELECT jsonb_array_elements_text(s.data -> 'tags')
        UNION SELECT t.tag FROM synthetic.set_tags t WHERE t.scenario_set_id = s.id ORDER BY 1) AS tags,
  s.data - '{id,name,description,category,horizon_days,num_paths,universe_filter,base_date_start,base_date_end,regime_filter,generator_spec,created_at,created_by,tags}'::text[]
    || jsonb_build_object(
      'current', EXISTS (SELECT 1 FROM synthetic.lineages l WHERE l.current_set_id = s.id),
      'macro_units', (SELECT coalesce(jsonb_object_agg(d.macro_id, d.unit), '{}') FROM synthetic.set_drivers d
                      WHERE d.scenario_set_id = s.id AND d.macro_id IS NOT NULL),
      'last_verified_at', (SELECT max(v.verified_at) FROM synthetic.verifications v
                           WHERE v.scenario_set_id = s.id AND v.outcome = 'VERIFIED')) AS metadata
FROM synthetic.mt_doc_scenario_set s
WHERE s.data ->> 'status' IN ('Sealed', 'Evicted');
