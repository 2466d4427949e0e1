-- What an evicted set held, as the database itself saw it: taken from the sealed rows in the transaction that evicts them
-- and compared when the set comes back, so that nobody who may write can put other rows under a sealed record.

CREATE TABLE synthetic.evicted_contents (
  scenario_set_id uuid PRIMARY KEY REFERENCES synthetic.mt_doc_scenario_set (id),
  fingerprint     bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
  taken_at        timestamptz NOT NULL
);

-- SHA-256 over SHA-256s of pieces: rows of one driver, 4,096 paths at a time, in the wire form of their types, so that no
-- setting of the session changes a byte and no piece grows with the set.
CREATE FUNCTION synthetic.content_fingerprint(set_id uuid) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH pieces AS (
    SELECT 1 AS relation, driver_no, scenario_id / 4096 AS part,
      sha256(string_agg(int4send(scenario_id) || array_send(shocks), ''::bytea ORDER BY scenario_id)) AS digest
    FROM synthetic.path_shocks WHERE scenario_set_id = set_id GROUP BY driver_no, scenario_id / 4096
    UNION ALL
    SELECT 2, 0, scenario_id / 4096, sha256(string_agg(record_send(a), ''::bytea ORDER BY scenario_id))
    FROM synthetic.path_annotations a WHERE scenario_set_id = set_id GROUP BY scenario_id / 4096
    UNION ALL
    SELECT 3, 0, scenario_id / 4096,
      sha256(string_agg(record_send(m), ''::bytea ORDER BY scenario_id, horizon_index, driver_no))
    FROM synthetic.cell_marks m WHERE scenario_set_id = set_id GROUP BY scenario_id / 4096
  )
  SELECT sha256(coalesce(string_agg(
    int4send(relation) || int4send(driver_no) || int4send(part) || digest, ''::bytea
    ORDER BY relation, driver_no, part), ''))
  FROM pieces
$$;

-- As before, and in addition: a set is sealed only under a manifest that has every path once, an eviction keeps the
-- fingerprint of what goes, and what comes back has that fingerprint. The first fingerprint stays: a sealed set has one content.
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
    -- None for a set that an earlier schema evicted: verification alone guards its first return.
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
