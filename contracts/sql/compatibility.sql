-- Opt-in, for platforms whose client names the column return_value. Run once by the owner of the schema; safe to repeat.
-- The client then sets: search_path = synthetic_compat, public

CREATE SCHEMA IF NOT EXISTS synthetic_compat;

CREATE OR REPLACE VIEW synthetic_compat.scenario_paths AS
SELECT
  scenario_set_id,
  scenario_id,
  horizon_index,
  instrument_id,
  factor_id,
  macro_id,
  "return",
  "return" AS return_value,
  price,
  shock_metadata
FROM public.scenario_paths;

GRANT USAGE ON SCHEMA synthetic_compat TO synthetic_reader;
GRANT SELECT ON synthetic_compat.scenario_paths TO synthetic_reader;
