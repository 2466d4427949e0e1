-- One row per severity check of every sealed set (an extreme-value figure computed elsewhere, and what the set says of
-- it), and one per region of history that a set leaves empty.

CREATE VIEW :contract.scenario_set_severity AS
SELECT
  d.scenario_set_id,
  s.data ->> 'name' AS name,
  (s.data ->> 'version')::integer AS version,
  s.data ->> 'category' AS category,
  v.subject,
  v.tail,
  v.kind,
  v.verdict,
  v.measure,
  v.expected,
  v.observed,
  v.standard_error,
  v.lowest,
  v.highest,
  v.paths_sampled AS sampled_paths,
  v.source,
  v.explanation
FROM synthetic.set_diagnostics d
JOIN synthetic.mt_doc_scenario_set s ON s.id = d.scenario_set_id
CROSS JOIN LATERAL jsonb_to_recordset(d.report -> 'severity') AS v (
  subject text, tail text, kind text, verdict text, measure text, expected double precision,
  observed double precision, standard_error double precision, lowest double precision, highest double precision,
  paths_sampled integer, source text, explanation text)
WHERE s.data ->> 'status' IN ('Sealed', 'Evicted');

CREATE VIEW :contract.scenario_set_region_gaps AS
SELECT
  d.scenario_set_id,
  s.data ->> 'name' AS name,
  (s.data ->> 'version')::integer AS version,
  g.tail,
  g.dependence,
  g.spectrum,
  g.radius,
  g.regime,
  g.windows,
  g.history_share,
  g.filled_by
FROM synthetic.set_diagnostics d
JOIN synthetic.mt_doc_scenario_set s ON s.id = d.scenario_set_id
CROSS JOIN LATERAL jsonb_to_recordset(d.report -> 'coverage' -> 'region_gaps') AS g (
  tail text, dependence text, spectrum text, radius text, regime text, windows integer,
  history_share double precision, filled_by text)
WHERE s.data ->> 'status' IN ('Sealed', 'Evicted');
