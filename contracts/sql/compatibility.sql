-- Opt-in, for platforms whose client names the column return_value. Run once by the owner of the schema; safe to repeat.
-- The client then sets: search_path = synthetic_compat, public
-- Values are double precision, as such a client computes with them: every bit is kept, and the conversion to numeric,
-- which takes most of the time of a bulk read, falls away.

CREATE SCHEMA IF NOT EXISTS synthetic_compat;

CREATE OR REPLACE VIEW synthetic_compat.scenario_paths AS
SELECT
  a.scenario_set_id,
  a.scenario_id,
  h.step AS horizon_index,
  a.instrument_id,
  a.factor_id,
  a.macro_id,
  CASE WHEN h.step = 0 THEN 0 ELSE a.returns[h.step] END AS "return",
  CASE WHEN h.step = 0 THEN 0 ELSE a.returns[h.step] END AS return_value
FROM public.scenario_sets s
JOIN generate_series(0, 60) AS h (step) ON h.step <= s.horizon_days
JOIN public.scenario_path_arrays a ON a.scenario_set_id = s.scenario_set_id;

GRANT USAGE ON SCHEMA synthetic_compat TO synthetic_reader;
GRANT SELECT ON synthetic_compat.scenario_paths TO synthetic_reader;
