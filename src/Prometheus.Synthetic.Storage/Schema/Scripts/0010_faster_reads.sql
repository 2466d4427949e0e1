-- scenario_paths as before, read faster: the columns, their types and values are the same.
--
-- Steps come from one short series per set instead of a function call per row, and nothing in the view forbids a parallel plan
-- any more (a function is unsafe for one unless it says otherwise, whether or not its column is asked for). What is known of
-- a cell is looked up in the view itself, with the view's rights, instead of in a function per cell.

CREATE OR REPLACE AGGREGATE synthetic.product(double precision) (
  SFUNC = float8mul, STYPE = double precision, INITCOND = '1', PARALLEL = SAFE);

CREATE OR REPLACE VIEW :contract.scenario_paths AS
SELECT
  p.scenario_set_id,
  p.scenario_id,
  h.step AS horizon_index,
  d.instrument_id,
  d.factor_id,
  d.macro_id,
  (CASE WHEN h.step = 0 THEN 0 ELSE p.shocks[h.step] END)::numeric AS "return",
  CASE WHEN d.base_level IS NULL THEN NULL
       WHEN d.macro_id IS NOT NULL
         THEN (d.base_level + (SELECT coalesce(sum(x), 0) FROM unnest(p.shocks[1:h.step]) AS x))::numeric
       ELSE (d.base_level * (SELECT synthetic.product(1 + x) FROM unnest(p.shocks[1:h.step]) AS x))::numeric
  END AS price,
  coalesce(
    (SELECT jsonb_strip_nulls(jsonb_build_object('source_date', a.source_dates[h.step]))
     FROM synthetic.path_annotations a
     WHERE a.scenario_set_id = p.scenario_set_id AND a.scenario_id = p.scenario_id AND h.step > 0), '{}')
    || coalesce((SELECT m.mark FROM synthetic.cell_marks m
     WHERE m.scenario_set_id = p.scenario_set_id AND m.scenario_id = p.scenario_id
       AND m.horizon_index = h.step AND m.driver_no = -1), '{}')
    || coalesce((SELECT m.mark FROM synthetic.cell_marks m
     WHERE m.scenario_set_id = p.scenario_set_id AND m.scenario_id = p.scenario_id
       AND m.horizon_index = h.step AND m.driver_no = p.driver_no), '{}') AS shock_metadata
FROM synthetic.mt_doc_scenario_set s
-- A comparison, not an argument: so the planner knows how many rows the series has, and makes it once.
JOIN generate_series(0, 60) AS h (step) ON h.step <= (s.data ->> 'horizon_days')::integer
JOIN synthetic.set_drivers d ON d.scenario_set_id = s.id
JOIN synthetic.path_shocks p ON p.scenario_set_id = d.scenario_set_id AND p.driver_no = d.driver_no
WHERE s.data ->> 'status' = 'Sealed';
