-- Opt-in, for platforms whose client names the column return_value. Run once by the owner of the schema; safe to repeat.
-- The client then sets: search_path = synthetic_compat, public
-- Values are double precision, as such a client computes with them: every bit is kept, and the conversion to numeric,
-- which takes most of the time of a bulk read, falls away.

CREATE SCHEMA IF NOT EXISTS synthetic_compat;

CREATE OR REPLACE VIEW synthetic_compat.scenario_paths AS
SELECT
  a.scenario_set_id,
  a.scenario_id,
  (h.ordinal - 1)::integer AS horizon_index,
  a.instrument_id,
  a.factor_id,
  a.macro_id,
  h.shock AS "return",
  h.shock AS return_value
FROM public.scenario_path_arrays a
CROSS JOIN LATERAL unnest(ARRAY[0::double precision] || a.returns) WITH ORDINALITY AS h (shock, ordinal);

GRANT USAGE ON SCHEMA synthetic_compat TO synthetic_reader;
GRANT SELECT ON synthetic_compat.scenario_paths TO synthetic_reader;
