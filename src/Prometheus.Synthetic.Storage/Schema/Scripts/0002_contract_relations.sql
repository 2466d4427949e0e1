-- The two relations of the specification, names and types as it gives them. Only sealed sets are visible; an
-- evicted set keeps its record and shows no paths.
-- :contract is replaced by the configured schema.

CREATE AGGREGATE synthetic.product(double precision) (SFUNC = float8mul, STYPE = double precision, INITCOND = '1');

CREATE VIEW :contract.scenario_sets AS
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
  ARRAY(SELECT jsonb_array_elements_text(s.data -> 'tags')) AS tags,
  s.data - '{id,name,description,category,horizon_days,num_paths,universe_filter,base_date_start,base_date_end,regime_filter,generator_spec,created_at,created_by,tags}'::text[] AS metadata
FROM synthetic.mt_doc_scenario_set s
WHERE s.data ->> 'status' IN ('Sealed', 'Evicted');

-- What is known of one cell, as the specification's shock_metadata.
CREATE FUNCTION synthetic.shock_metadata(set_id uuid, path integer, step integer, driver integer) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(
    (SELECT jsonb_strip_nulls(jsonb_build_object('source_date', a.source_dates[step]))
     FROM synthetic.path_annotations a
     WHERE a.scenario_set_id = set_id AND a.scenario_id = path AND step > 0), '{}')
    || coalesce((SELECT m.mark FROM synthetic.cell_marks m
     WHERE m.scenario_set_id = set_id AND m.scenario_id = path AND m.horizon_index = step AND m.driver_no = -1), '{}')
    || coalesce((SELECT m.mark FROM synthetic.cell_marks m
     WHERE m.scenario_set_id = set_id AND m.scenario_id = path AND m.horizon_index = step AND m.driver_no = driver), '{}')
$$;

-- price is evaluated only by queries that ask for it. A path's cells carry the marks of the cell, of the step, and the
-- historical date behind the step.
CREATE VIEW :contract.scenario_paths AS
SELECT
  p.scenario_set_id,
  p.scenario_id,
  (h.ordinal - 1)::integer AS horizon_index,
  d.instrument_id,
  d.factor_id,
  d.macro_id,
  h.shock::numeric AS "return",
  CASE WHEN d.base_level IS NULL THEN NULL
       WHEN d.macro_id IS NOT NULL
         THEN (d.base_level + (SELECT coalesce(sum(x), 0) FROM unnest(p.shocks[1:h.ordinal - 1]) AS x))::numeric
       ELSE (d.base_level * (SELECT synthetic.product(1 + x) FROM unnest(p.shocks[1:h.ordinal - 1]) AS x))::numeric
  END AS price,
  synthetic.shock_metadata(p.scenario_set_id, p.scenario_id, (h.ordinal - 1)::integer, p.driver_no) AS shock_metadata
FROM synthetic.mt_doc_scenario_set s
JOIN synthetic.set_drivers d ON d.scenario_set_id = s.id
JOIN synthetic.path_shocks p ON p.scenario_set_id = d.scenario_set_id AND p.driver_no = d.driver_no
CROSS JOIN LATERAL unnest(ARRAY[0::double precision] || p.shocks) WITH ORDINALITY AS h (shock, ordinal)
WHERE s.data ->> 'status' = 'Sealed';

-- The same paths with the steps as arrays, every bit kept: what a bulk reader wants.
CREATE VIEW :contract.scenario_path_arrays AS
SELECT
  p.scenario_set_id,
  p.scenario_id,
  d.instrument_id,
  d.factor_id,
  d.macro_id,
  d.unit,
  d.base_level,
  p.shocks AS returns
FROM synthetic.mt_doc_scenario_set s
JOIN synthetic.set_drivers d ON d.scenario_set_id = s.id
JOIN synthetic.path_shocks p ON p.scenario_set_id = d.scenario_set_id AND p.driver_no = d.driver_no
WHERE s.data ->> 'status' = 'Sealed';
