-- Coverage for gates: the probability of each region, the regions that history's windows lie in, the traits that a set
-- lacks, and one row per set that says whether there are diagnostics at all.

CREATE OR REPLACE VIEW :contract.scenario_set_coverage AS
SELECT
  d.scenario_set_id,
  s.data ->> 'name' AS name,
  (s.data ->> 'version')::integer AS version,
  s.data ->> 'category' AS category,
  ARRAY(SELECT jsonb_array_elements_text(s.data -> 'markets')) AS markets,
  c.tail,
  c.dependence,
  c.spectrum,
  c.radius,
  c.regime,
  c.paths AS sampled_paths,
  c.paths / (d.report ->> 'paths_sampled')::double precision AS share,
  -- The same by the probabilities that the paths carry.
  coalesce(c.probability, c.paths / (d.report ->> 'paths_sampled')::double precision) AS probability
FROM synthetic.set_diagnostics d
JOIN synthetic.mt_doc_scenario_set s ON s.id = d.scenario_set_id
CROSS JOIN LATERAL jsonb_to_recordset(d.report -> 'coverage' -> 'cells') AS c (
  tail text, dependence text, spectrum text, radius text, regime text, paths integer, probability double precision)
WHERE s.data ->> 'status' IN ('Sealed', 'Evicted');

-- One row per region that windows of the set's calibration history lie in.
CREATE VIEW :contract.scenario_set_history AS
SELECT
  d.scenario_set_id,
  s.data ->> 'name' AS name,
  (s.data ->> 'version')::integer AS version,
  c.tail,
  c.dependence,
  c.spectrum,
  c.radius,
  c.regime,
  c.paths AS windows,
  c.probability AS share
FROM synthetic.set_diagnostics d
JOIN synthetic.mt_doc_scenario_set s ON s.id = d.scenario_set_id
CROSS JOIN LATERAL jsonb_to_recordset(d.report -> 'coverage' -> 'history') AS c (
  tail text, dependence text, spectrum text, radius text, regime text, paths integer, probability double precision)
WHERE s.data ->> 'status' IN ('Sealed', 'Evicted');

-- One row per trait that no sampled path of the set has, and the request that would make one.
CREATE VIEW :contract.scenario_set_gaps AS
SELECT
  d.scenario_set_id,
  s.data ->> 'name' AS name,
  (s.data ->> 'version')::integer AS version,
  g.dimension,
  g.trait,
  g.history_share,
  g.filled_by
FROM synthetic.set_diagnostics d
JOIN synthetic.mt_doc_scenario_set s ON s.id = d.scenario_set_id
CROSS JOIN LATERAL jsonb_to_recordset(d.report -> 'coverage' -> 'gaps') AS g (
  dimension text, trait text, history_share double precision, filled_by text)
WHERE s.data ->> 'status' IN ('Sealed', 'Evicted');

-- One row per sealed set. not_computed says why there is no report; it is null when there is one.
CREATE VIEW :contract.scenario_set_diagnostics AS
SELECT
  s.id AS scenario_set_id,
  s.data ->> 'name' AS name,
  (s.data ->> 'version')::integer AS version,
  s.data ->> 'category' AS category,
  d.computed_at,
  d.engine_version,
  d.seconds,
  CASE WHEN d.scenario_set_id IS NULL THEN 'the set was sealed by a version that made no diagnostics'
       ELSE d.not_computed END AS not_computed,
  (d.report ->> 'paths_sampled')::integer AS sampled_paths,
  (d.report ->> 'effective_paths')::double precision AS effective_paths,
  (SELECT count(*)::integer FROM jsonb_array_elements(d.report -> 'fidelity') AS f
   WHERE f ->> 'verdict' = 'WARN') AS warnings,
  (d.report -> 'memorisation' ->> 'replayed_share')::double precision AS replayed_share,
  (d.report -> 'coverage' ->> 'regions_of_history')::integer AS regions_of_history,
  (d.report -> 'coverage' ->> 'regions_of_history_reached')::integer AS regions_of_history_reached,
  d.report
FROM synthetic.mt_doc_scenario_set s
LEFT JOIN synthetic.set_diagnostics d ON d.scenario_set_id = s.id
WHERE s.data ->> 'status' IN ('Sealed', 'Evicted');
