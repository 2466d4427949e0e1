-- What each sealed set is like: written with the seal, never changed. A set whose diagnostics could not be computed is
-- sealed all the same, and says why.

CREATE TABLE synthetic.set_diagnostics (
  scenario_set_id uuid PRIMARY KEY REFERENCES synthetic.mt_doc_scenario_set (id),
  computed_at     timestamptz NOT NULL,
  engine_version  text NOT NULL,
  seconds         double precision NOT NULL CHECK (seconds >= 0),
  report          jsonb CHECK (jsonb_typeof(report) = 'object'),
  not_computed    text CHECK (not_computed <> ''),
  CHECK (num_nonnulls(report, not_computed) = 1)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON synthetic.set_diagnostics
  FOR EACH STATEMENT EXECUTE FUNCTION synthetic.refuse_change();

-- One row per fidelity check of every sealed set.
CREATE VIEW :contract.scenario_set_checks AS
SELECT
  d.scenario_set_id,
  s.data ->> 'name' AS name,
  (s.data ->> 'version')::integer AS version,
  s.data ->> 'category' AS category,
  c.name AS check_name,
  c.verdict,
  c.subject,
  c."set" AS set_value,
  c.history AS history_value,
  c.standard_errors,
  c.threshold,
  c.explanation
FROM synthetic.set_diagnostics d
JOIN synthetic.mt_doc_scenario_set s ON s.id = d.scenario_set_id
CROSS JOIN LATERAL jsonb_to_recordset(d.report -> 'fidelity') AS c (
  name text, verdict text, subject text, "set" double precision, history double precision,
  standard_errors double precision, threshold double precision, explanation text)
WHERE s.data ->> 'status' IN ('Sealed', 'Evicted');

-- One row per occupied region of every sealed set: where its sampled paths lie. A gate asks over several sets at once.
CREATE VIEW :contract.scenario_set_coverage AS
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
  c.paths / (d.report ->> 'paths_sampled')::double precision AS share
FROM synthetic.set_diagnostics d
JOIN synthetic.mt_doc_scenario_set s ON s.id = d.scenario_set_id
CROSS JOIN LATERAL jsonb_to_recordset(d.report -> 'coverage' -> 'cells') AS c (
  tail text, dependence text, spectrum text, radius text, regime text, paths integer)
WHERE s.data ->> 'status' IN ('Sealed', 'Evicted');
