-- Physical storage of scenario sets. One row per (set, driver, path) with the steps in an array: twenty times faster to
-- load and ten times smaller than a row per cell (docs/adr/0002). Every key starts with scenario_set_id, which is the
-- distribution column on a multi-node PostgreSQL.

CREATE TABLE synthetic.calibration_snapshots (
  snapshot_hash      text PRIMARY KEY CHECK (snapshot_hash ~ '^sha256:[0-9a-f]{64}$'),
  uncompressed_bytes bigint NOT NULL CHECK (uncompressed_bytes > 0),
  content            bytea NOT NULL,
  created_at         timestamptz NOT NULL
);
-- The content is compressed already.
ALTER TABLE synthetic.calibration_snapshots ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE synthetic.lineages (
  name            text PRIMARY KEY CHECK (name <> ''),
  current_set_id  uuid,
  current_version integer NOT NULL DEFAULT 0 CHECK (current_version >= 0)
);

CREATE TABLE synthetic.set_drivers (
  scenario_set_id uuid NOT NULL REFERENCES synthetic.mt_doc_scenario_set (id),
  -- Instruments and factors count from 0, macro series from 1,000,000, so that a row of path_shocks knows which bound
  -- holds for it without a lookup.
  driver_no       integer NOT NULL CHECK (driver_no >= 0),
  instrument_id   text CHECK (instrument_id <> ''),
  factor_id       text CHECK (factor_id <> ''),
  macro_id        text CHECK (macro_id <> ''),
  unit            text NOT NULL,
  base_level      double precision,
  attributes      jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(attributes) = 'object'),
  PRIMARY KEY (scenario_set_id, driver_no),
  CHECK (num_nonnulls(instrument_id, factor_id, macro_id) = 1),
  CHECK ((macro_id IS NOT NULL) = (driver_no >= 1000000))
);
CREATE UNIQUE INDEX set_drivers_instrument ON synthetic.set_drivers (scenario_set_id, instrument_id) WHERE instrument_id IS NOT NULL;
CREATE UNIQUE INDEX set_drivers_factor ON synthetic.set_drivers (scenario_set_id, factor_id) WHERE factor_id IS NOT NULL;
CREATE UNIQUE INDEX set_drivers_macro ON synthetic.set_drivers (scenario_set_id, macro_id) WHERE macro_id IS NOT NULL;

-- shocks[h] is the shock of step h, 1..horizon; the baseline (horizon_index 0) is always zero and not stored.
-- The one index serves a driver's paths by its prefix and one path by a probe per driver.
CREATE TABLE synthetic.path_shocks (
  scenario_set_id uuid NOT NULL,
  driver_no       integer NOT NULL,
  scenario_id     integer NOT NULL,
  shocks          double precision[] NOT NULL,
  PRIMARY KEY (scenario_set_id, driver_no, scenario_id),
  -- Finite, and for returns above -1. PostgreSQL sorts NaN above Infinity, so the first comparison refuses both.
  CONSTRAINT shocks_are_possible CHECK (
    'Infinity'::double precision > ALL (shocks)
    AND CASE WHEN driver_no < 1000000 THEN '-1'::double precision ELSE '-Infinity' END < ALL (shocks)
  ),
  CONSTRAINT shocks_have_a_horizon CHECK (cardinality(shocks) BETWEEN 1 AND 60),
  CHECK (scenario_id >= 0 AND driver_no >= 0)
);
ALTER TABLE synthetic.path_shocks ALTER COLUMN shocks SET STORAGE PLAIN;

CREATE TABLE synthetic.path_annotations (
  scenario_set_id uuid NOT NULL,
  scenario_id     integer NOT NULL CHECK (scenario_id >= 0),
  source_dates    date[],
  probability     double precision CHECK (probability >= 0 AND probability <= 1),
  metadata        jsonb CHECK (jsonb_typeof(metadata) = 'object'),
  PRIMARY KEY (scenario_set_id, scenario_id)
);

-- driver_no -1 marks every driver of the step.
CREATE TABLE synthetic.cell_marks (
  scenario_set_id uuid NOT NULL,
  scenario_id     integer NOT NULL CHECK (scenario_id >= 0),
  horizon_index   integer NOT NULL CHECK (horizon_index BETWEEN 1 AND 60),
  driver_no       integer NOT NULL CHECK (driver_no >= -1),
  mark            jsonb NOT NULL CHECK (jsonb_typeof(mark) = 'object'),
  PRIMARY KEY (scenario_set_id, scenario_id, horizon_index, driver_no)
);

-- The manifest: a shard whose row is here is stored whole; path_digests holds 32 bytes a path in path order.
CREATE TABLE synthetic.shards (
  scenario_set_id    uuid NOT NULL REFERENCES synthetic.mt_doc_scenario_set (id),
  shard              integer NOT NULL CHECK (shard >= 0),
  first_path         integer NOT NULL CHECK (first_path >= 0),
  path_count         integer NOT NULL CHECK (path_count > 0),
  path_digests       bytea NOT NULL,
  generation_seconds double precision NOT NULL,
  store_seconds      double precision NOT NULL,
  stored_by          text NOT NULL,
  stored_at          timestamptz NOT NULL,
  PRIMARY KEY (scenario_set_id, shard),
  CHECK (octet_length(path_digests) = 32 * path_count)
);
